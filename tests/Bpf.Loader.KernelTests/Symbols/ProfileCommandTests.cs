using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Xml.Linq;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Tests.Symbols;
using Bpf.Loader.Tests.Tool;
using Xunit;

namespace Bpf.Loader.KernelTests.Symbols;

/// <summary><c>bpf profile</c>, of a process that reads and writes all the time.</summary>
[AnyKernel]
public sealed class ProfileCommandTests : IDisposable
{
    private readonly Process _dd;
    private readonly string _file = Path.GetTempFileName();

    public ProfileCommandTests()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");
        _dd = Process.Start("dd", "if=/dev/zero of=/dev/null bs=64k status=none");
    }

    private string[] Sampling => ["profile", "--pid", _dd.Id.ToString(CultureInfo.InvariantCulture), "--duration", "1500ms", "--frequency", "499"];

    [Fact]
    public void Stacks_as_JSON_have_the_functions_of_the_library_and_of_the_kernel()
    {
        BpfTool run = BpfTool.Run([.. Sampling, "--json"]);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains(" samples", run.Error, StringComparison.Ordinal);
        JsonElement[] frames = [.. run.Lines.SelectMany(line => line.GetProperty("stack").EnumerateArray())];
        Assert.All(run.Lines, line => Assert.Equal((_dd.Id, "dd"), (line.GetProperty("pid").GetInt32(), line.GetProperty("stack")[0].GetProperty("name").GetString())));
        Assert.Contains(frames, frame => Is(frame, "ksys_read", "kernel", "[kernel]"));
        Assert.Contains(frames, frame => frame.GetProperty("name").GetString() is "read" && frame.GetProperty("module").GetString()!.Contains("libc", StringComparison.Ordinal));
    }

    [Fact]
    public void Folded_stacks_are_the_default()
    {
        BpfTool run = BpfTool.Run(Sampling);
        string[] lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.Matches("^dd;.* [0-9]+$", line));
        Assert.Contains(lines, line => line.Contains(";read;", StringComparison.Ordinal) && line.Contains(";ksys_read_[k];", StringComparison.Ordinal));
    }

    [Fact]
    public void A_flame_graph_is_written_into_a_file()
    {
        Assert.Equal(0, BpfTool.Run([.. Sampling, "--output", "svg", "--file", _file]).ExitCode);
        Assert.Contains(XDocument.Load(_file).Descendants(), element => element.Name.LocalName == "title" && element.Value.StartsWith("ksys_read_[k] (", StringComparison.Ordinal));
    }

    [Fact]
    public void A_profile_for_pprof_is_written_into_a_file()
    {
        Assert.Equal(0, BpfTool.Run([.. Sampling, "-o", "pprof", "--file", _file]).ExitCode);
        PprofFile profile = PprofFile.Read(File.ReadAllBytes(_file));
        Assert.Contains(profile.Samples, sample => sample.Contains("ksys_read_[k]", StringComparison.Ordinal) && sample.Contains($" pid={_dd.Id}", StringComparison.Ordinal));
        Assert.Contains(profile.Mappings, mapping => mapping.File.Contains("libc", StringComparison.Ordinal) && mapping.BuildId.Length == 40);
    }

    [Fact]
    public void Ctrl_C_ends_it_with_what_was_sampled()
    {
        using Process profile = BpfTool.Start("profile", "-o", "speedscope");
        Assert.Equal("sampling, until Ctrl-C", profile.StandardError.ReadLine());
        System.Threading.Thread.Sleep(500);
        Support.Shell.Run($"kill -INT {profile.Id}");
        JsonElement json = JsonDocument.Parse(profile.StandardOutput.ReadToEnd()).RootElement;
        profile.WaitForExit();
        Assert.Equal(0, profile.ExitCode);
        Assert.Contains(json.GetProperty("shared").GetProperty("frames").EnumerateArray(), frame => frame.GetProperty("name").GetString() == "dd");
    }

    [Fact]
    public void Processes_that_ended_while_it_sampled_have_names()
    {
        Requires.RealProcessor();
        using Process profile = BpfTool.Start("profile", "--duration", "4s", "--frequency", "999");
        Assert.Equal("sampling", profile.StandardError.ReadLine());
        // Each lives half a second.
        for (int i = 0; i < 3; i++) Support.Shell.Try("timeout 0.6 dd if=/dev/zero of=/dev/null bs=1M status=none");
        string[] lines = profile.StandardOutput.ReadToEnd().Split('\n');
        profile.WaitForExit();
        Assert.Contains(lines, line => line.StartsWith("dd;", StringComparison.Ordinal) && line.Contains(";read;", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--frequency 0", "--frequency 0: write a number from 1 to 10000.")]
    [InlineData("--duration soon", "--duration soon: write a time such as 5s, 500ms or 2m.")]
    [InlineData("--json --file x", "--json writes a stack a line to the standard output: it does not go with --output or --file.")]
    [InlineData("--output gif", "Argument 'gif' not recognized.")]
    public void What_makes_no_sense_is_refused(string arguments, string message)
    {
        BpfTool run = BpfTool.Run(["profile", .. arguments.Split(' ')]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_process_that_is_not_there_is_told()
    {
        BpfTool run = BpfTool.Run("profile", "--pid", "4194305", "--duration", "1s");
        Assert.Equal((1, "bpf: There is no process 4194305.\n"), (run.ExitCode, run.Error));
    }

    public void Dispose()
    {
        _dd.Kill();
        _dd.WaitForExit();
        _dd.Dispose();
        File.Delete(_file);
    }

    private static bool Is(JsonElement frame, string name, string kind, string module) =>
        frame.GetProperty("name").GetString() == name && frame.GetProperty("kind").GetString() == kind && frame.GetProperty("module").GetString() == module;
}
