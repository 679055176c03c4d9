using System.Diagnostics;
using Xunit;

namespace Bpf.Loader.KernelTests.Support;

/// <summary>Runs the tools of the system.</summary>
internal static class Shell
{
    /// <summary>Runs a command; the result is what it printed.</summary>
    public static string Run(string command)
    {
        (int code, string output, string errors) = Try(command);
        Assert.True(code == 0, $"'{command}' ended with {code}: {errors}");
        return output;
    }

    /// <summary>Runs a command that may fail as root with some capabilities only, such as <c>+bpf,+perfmon</c>.</summary>
    public static (int Code, string Output, string Errors) TryWith(string capabilities, string command) =>
        Try($"setpriv --bounding-set -all,{capabilities} --inh-caps -all {command}");

    /// <summary>Runs a command that may fail.</summary>
    public static (int Code, string Output, string Errors) Try(string command)
    {
        string[] words = command.Split(' ');
        using Process process = Process.Start(new ProcessStartInfo(words[0], words[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        string output = process.StandardOutput.ReadToEnd(), errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors);
    }
}
