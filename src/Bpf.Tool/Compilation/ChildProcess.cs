using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.Threading.Tasks;

namespace Bpf.Tool.Compilation;

/// <summary>Runs another program to its end.</summary>
internal static class ChildProcess
{
    /// <summary>Runs it.</summary>
    /// <returns>Null when there is no such program, or it cannot be run.</returns>
    public static (int ExitCode, string Output, string Error)? Run(string program, IEnumerable<string> arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error.GetAwaiter().GetResult());
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
