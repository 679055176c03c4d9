using System;
using Bpf.Loader;

namespace Bpf.Tool.Output;

/// <summary>The standard error, for people: what is wrong, in the same form whichever command says it.</summary>
internal static class Refusals
{
    private const string Name = "bpf: ";

    /// <summary>Says why a command gives up.</summary>
    /// <returns>The exit code.</returns>
    public static int Print(Exception exception) => Print(Failure.Of(exception), file: null);

    /// <summary>Says why nothing becomes of a file.</summary>
    /// <returns>The exit code.</returns>
    public static int Print(Failure failure, string? file)
    {
        Write(failure.ToText(Screen.Width - Name.Length), file);
        return ExitCode.Refused;
    }

    /// <summary>Says what was noticed at a file.</summary>
    public static void Print(BpfFinding finding, string file) => Write(finding.ToString(Screen.Width), file);

    // The path may be long: the lines below it keep their width.
    private static void Write(string text, string? file)
        => Console.Error.WriteLine(Printable.Lines(file is null ? Name + text : $"{Name}{file}:\n{text}"));
}
