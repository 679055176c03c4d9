using System;
using System.CommandLine;
using System.IO;
using Bpf.Loader;
using Bpf.Loader.Classic;
using Bpf.Tool.Output;

namespace Bpf.Tool.Commands.Classic;

/// <summary><c>bpf classic</c>: filters of classic BPF.</summary>
internal static class ClassicCommand
{
    private const string StandardInput = "-";

    public static Command Create() => new("classic", "Assembles, lists, runs and translates filters of classic BPF, as tcpdump, sockets and seccomp have them.")
    {
        ClassicAssembleCommand.Create(),
        ClassicListCommand.Create(),
        ClassicRunCommand.Create(),
        ClassicTranslateCommand.Create(),
    };

    /// <summary>The filter to read.</summary>
    public static Argument<string> File() => CommonOptions.FileOrInput("FILTER", "A filter: assembly of bpf_asm, or what tcpdump prints with -d, -dd or -ddd; - for standard input.");

    /// <summary>What the filter decides about.</summary>
    public static Option<bool> Seccomp() => new("--seccomp") { Description = "The filter decides about system calls rather than packets." };

    /// <summary>The form to print in.</summary>
    public static Option<ClassicForm> Form(ClassicForm byDefault) => new("--form")
    {
        Description = $"How to print it: {string.Join(", ", Enum.GetNames<ClassicForm>()).ToLowerInvariant()}.",
        HelpName = "FORM",
        DefaultValueFactory = _ => byDefault,
    };

    /// <summary>What a filter is for.</summary>
    public static ClassicFilterUse UseOf(bool isSeccomp) => isSeccomp ? ClassicFilterUse.Seccomp : ClassicFilterUse.Socket;

    /// <summary>Reads a filter.</summary>
    public static ClassicFilter Read(string path) => ClassicFilter.Parse(path == StandardInput ? Console.In.ReadToEnd() : System.IO.File.ReadAllText(path));

    /// <summary>Carries a command out, and tells what went wrong.</summary>
    public static int Run(string command, string path, Func<int> body)
    {
        try
        {
            return body();
        }
        catch (UsageException e)
        {
            return CommandLine.RefuseUsage($"classic {command}", e.Message);
        }
        catch (Exception e) when (e is BpfLoaderException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            Console.Error.WriteLine($"bpf: {Printable.Text(path)}: {Printable.Lines(Failure.Of(e).Message)}");
            return ExitCode.Refused;
        }
    }
}
