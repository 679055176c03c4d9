using System;
using System.IO;
using System.Linq;
using Bpf.Loader.Tests.Diagnostics.Verifier;
using Bpf.Tool.Output;
using Xunit;

namespace Bpf.Loader.Tests.Tool;

public sealed class ExplainTests
{
    [Theory]
    [InlineData("BPF4101")]
    [InlineData("bpf4101")]
    public void An_id_is_explained(string id)
    {
        var tool = BpfTool.Run("explain", id);
        Assert.Equal((0, ""), (tool.ExitCode, tool.Error));
        Assert.StartsWith("BPF4101  The verifier: a pointer may be null where it is used.", tool.Output, StringComparison.Ordinal);
        foreach (string said in (string[])["Example.", "struct proc_stat *stat = bpf_map_lookup_elem(&stats, &pid);", "Why.", "What to do.", "What is said.", "do:   Ask first: `if (!stat) return 0;`"])
            Assert.Contains(said, tool.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("**", tool.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("```", tool.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_id_is_explained_for_programs()
    {
        var tool = BpfTool.Run("explain", "BPF1001", "--json");
        Assert.Equal("BPF1001", Assert.Single(tool.Lines).GetProperty("id").GetString());
        Assert.Equal("docs/diagnostics.md#bpf1001", tool.Lines[0].GetProperty("link").GetString());
    }

    [Fact]
    public void Of_an_id_that_there_is_not_the_near_ones_are_named()
    {
        var tool = BpfTool.Run("explain", "BPF4199");
        Assert.Equal(1, tool.ExitCode);
        Assert.StartsWith("bpf: There is no BPF4199. Near it are:\n", tool.Error, StringComparison.Ordinal);
        Assert.Contains("  BPF4128: The program uses a map that was not created.", tool.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_id_is_in_the_command() => Assert.Equal(Enum.GetValues<BpfDiagnosticId>().Select(id => (int)id).Order(), DiagnosticPage.Ids);

    [Fact]
    public void A_log_is_explained_with_its_object()
    {
        using var folder = new TemporaryFolder();
        string log = folder.PathOf("log.txt");
        File.WriteAllText(log, RecordedRefusals.Log("5.10", "null.bpf.o", "unchecked"));
        var tool = BpfTool.Run("explain", log, "--object", TestData.PathOf("refused/null.bpf.o"), "--program", "unchecked");
        Assert.Equal((0, ""), (tool.ExitCode, tool.Error));
        Assert.Contains("from: the look-up in map 'stats'", tool.Output, StringComparison.Ordinal);
    }
}
