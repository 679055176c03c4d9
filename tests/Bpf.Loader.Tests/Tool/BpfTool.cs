using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Text.Json;
using System.Threading.Tasks;

namespace Bpf.Loader.Tests.Tool;

/// <summary>
/// Runs the <c>bpf</c> command that was built with the tests, in the folder of the test objects. The environment may name another
/// build of it by <c>BPF_TOOL</c>.
/// </summary>
internal sealed record BpfTool(int ExitCode, string Output, string Error)
{
    /// <summary>The command.</summary>
    public static string Path { get; } = Environment.GetEnvironmentVariable("BPF_TOOL")
        ?? System.IO.Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "bpf.exe" : "bpf");

    /// <summary>The output as JSON, a line each.</summary>
    public IReadOnlyList<JsonElement> Lines
    {
        get
        {
            var lines = new List<JsonElement>();
            foreach (string line in Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                lines.Add(JsonDocument.Parse(line).RootElement);
            return lines;
        }
    }

    /// <summary>Runs the command to its end.</summary>
    public static BpfTool Run(params string[] arguments)
    {
        using Process process = Start(arguments);
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new BpfTool(process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    /// <summary>Starts the command.</summary>
    public static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path, arguments)
        {
            WorkingDirectory = TestData.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }
}
