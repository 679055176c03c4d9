using System;
using System.IO;
using System.Text;
using Bpf.Loader;
using Bpf.Tool.Compilation;
using Bpf.Tool.Output;

namespace Bpf.Tool.Commands;

/// <summary>What commands that write files share.</summary>
internal static class Generation
{
    private static readonly UTF8Encoding Encoding = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Makes a text and writes it to a file or to the standard output.</summary>
    /// <param name="source">The file that it is made of.</param>
    /// <param name="output">The file to write; null for the standard output.</param>
    /// <param name="make">Makes the text.</param>
    /// <param name="keepsSame">Whether a file that has the text already stays as old as it is, so that nothing is made of it anew.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string source, string? output, Func<string> make, bool keepsSame = false) => Guard(source, () =>
    {
        byte[] text = Encoding.GetBytes(make());
        if (output is null)
        {
            using Stream stream = StandardOutput.OpenText();
            stream.Write(text);
            return ExitCode.Done;
        }

        if (keepsSame && File.Exists(output) && File.ReadAllBytes(output).AsSpan().SequenceEqual(text)) return ExitCode.Done;
        if (Path.GetDirectoryName(output) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
        File.WriteAllBytes(output, text);
        return ExitCode.Done;
    });

    /// <summary>Does something, and says what went wrong in the form that MSBuild understands.</summary>
    /// <param name="source">The file that it is about.</param>
    /// <param name="run">What to do; it gives the exit code.</param>
    /// <returns>The exit code.</returns>
    public static int Guard(string source, Func<int> run)
    {
        try
        {
            return run();
        }
        catch (BpfLoaderException e)
        {
            return Refuse(e.Finding, source);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Refuse(new BpfFinding { Id = BpfDiagnosticId.NotGenerated, What = e.Message }, source);
        }
    }

    private static int Refuse(BpfFinding finding, string source)
    {
        BuildReport.Write([BuildLine.Of(finding, source)], Console.Error);
        return ExitCode.Refused;
    }
}
