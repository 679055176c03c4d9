using System;
using System.IO;
using System.Text;
using Bpf.Loader;
using Bpf.Tool.Skeletons;

namespace Bpf.Tool.Commands;

/// <summary>Writes a generated file.</summary>
internal static class Generation
{
    private static readonly UTF8Encoding Encoding = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Makes a text and writes it to a file, unless that holds it already, or to the standard output.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(string source, string? output, Func<string> make)
    {
        try
        {
            byte[] text = Encoding.GetBytes(make());
            if (output is null)
            {
                using Stream stream = Console.OpenStandardOutput();
                stream.Write(text);
            }
            else if (!File.Exists(output) || !File.ReadAllBytes(output).AsSpan().SequenceEqual(text))
            {
                if (Path.GetDirectoryName(output) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
                File.WriteAllBytes(output, text);
            }

            return ExitCode.Done;
        }
        catch (Exception e) when (e is BpfFormatException or SkeletonException or IOException or UnauthorizedAccessException)
        {
            // The form of MSBuild's messages: https://learn.microsoft.com/visualstudio/msbuild/msbuild-diagnostic-format-for-tasks
            string code = e is BpfFormatException format ? format.Id.ToCode() : "BPF6001";
            Console.Error.WriteLine($"{source}: error {code}: {e.Message.ReplaceLineEndings(" ")}");
            return ExitCode.Refused;
        }
    }
}
