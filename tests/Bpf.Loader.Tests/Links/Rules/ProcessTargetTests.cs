using System;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using Bpf.Loader.Links.Rules;
using Xunit;

namespace Bpf.Loader.Tests.Links.Rules;

[SupportedOSPlatform("linux")]
public sealed class ProcessTargetTests
{
    private const string After = " S 1 42 42 0 -1 4194560 100 0 0 0 1 2 3 4 20 0 1 0 987654 1000 10\n";

    [Theory]
    [InlineData("node")]
    [InlineData("a) R (b")]
    [InlineData("(sd-pam)")]
    [InlineData("")]
    [InlineData("tab\tand space")]
    public void A_name_may_hold_any_character(string name) =>
        Assert.Equal(new ProcessTarget(42, name, null, 987654), ProcessTarget.Parse(42, Encoding.UTF8.GetBytes($"42 ({name}){After}"), out _));

    [Fact]
    public void One_that_has_ended_is_none()
    {
        ProcessTarget.Parse(42, Encoding.UTF8.GetBytes("42 (node)" + After.Replace(" S ", " Z ", StringComparison.Ordinal)), out bool hasEnded);
        Assert.True(hasEnded);
        ProcessTarget.Parse(42, Encoding.UTF8.GetBytes("42 (node)" + After), out hasEnded);
        Assert.False(hasEnded);
        Assert.Null(ProcessTarget.Read(int.MaxValue));
    }

    [Fact]
    public void Part_of_a_line_is_none_or_as_much_as_is_there()
    {
        byte[] line = Encoding.UTF8.GetBytes("42 (node)" + After);
        int start = line.AsSpan().IndexOf("987654"u8);
        for (int length = 0; length < line.Length; length++)
        {
            ProcessTarget? found = ProcessTarget.Parse(42, line.AsSpan(0, length), out _);
            if (length <= start) Assert.Null(found);
            else Assert.Equal("987654"[..Math.Min(6, length - start)], found!.Started.ToString(CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void This_process_is_found_by_its_name_its_program_and_its_path()
    {
        ProcessTarget own = ProcessTarget.Read(Environment.ProcessId)!;
        Assert.Equal(Environment.ProcessPath, own.Executable);
        Assert.True(own.Runs(own.Name) && own.Runs(Environment.ProcessPath!) && own.Runs("/*/" + System.IO.Path.GetFileName(own.Executable)));
        Assert.False(own.Runs("none-such") || own.Runs("/none/such"));
        Assert.Contains(own, TargetRules.Processes(process => process.Id == Environment.ProcessId).Find());
    }

    [Fact]
    public void Another_program_is_another_target_and_another_name_is_not()
    {
        var process = new ProcessTarget(42, "node", "/usr/bin/node", 1);
        Assert.Equal(process, process with { Name = "worker" });
        Assert.NotEqual(process, process with { Executable = "/usr/bin/bun" });
        Assert.NotEqual(process, process with { Started = 2 });
        Assert.Equal("node:42", process.ToString());
    }
}
