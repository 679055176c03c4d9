using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Bpf.Loader.KernelTests.Support;
using Xunit;
using static Bpf.Loader.KernelTests.Tool.ProgTests;

namespace Bpf.Loader.KernelTests.Tool;

/// <summary>The kernel is found to have what bpftool finds.</summary>
[AnyKernel]
public sealed class BpftoolFeatureTests : KernelTest
{
    public BpftoolFeatureTests() => BpftoolRun.Require();

    // bpftool has one object for all; here an answer is a line, since some are neither yes nor no.
    [Fact]
    public void The_kernel_has_the_same()
    {
        JsonElement theirs = Assert.Single(BpftoolRun.Elements("feature probe kernel"));
        Dictionary<(string?, string?), JsonElement> ours = [];
        foreach (JsonElement line in new Loader.Tests.Tool.BpfTool(0, Loader.Tests.Tool.BpfTool.Run("feature", "probe", "--json").Output, "").Lines)
            ours[(Text(line, "kind"), Text(line, "name"))] = line;
        int compared = 0;
        foreach ((string group, string kind) in new[] { ("program_types", "prog_type"), ("map_types", "map_type") })
        {
            foreach (JsonProperty answer in theirs.GetProperty(group).EnumerateObject())
            {
                string name = answer.Name["have_".Length..^(kind.Length + 1)];
                string have = Text(ours[(kind, name)], "have")!;
                // What may not be asked is no for bpftool.
                if (have == "not_permitted") continue;
                Assert.True((answer.Value.ValueKind == JsonValueKind.True) == (have == "yes"), $"{kind} {name}: {answer.Value} and {have}");
                compared++;
            }
        }

        foreach (JsonProperty option in theirs.GetProperty("system_config").EnumerateObject().Where(option => option.Name.StartsWith("CONFIG_", StringComparison.Ordinal)))
        {
            if (!ours.TryGetValue(("config", option.Name), out JsonElement line)) continue;
            string? value = Text(line, "value");
            Assert.Equal(option.Value.ValueKind == JsonValueKind.Null ? null : option.Value.GetString(), value == "n" ? null : value);
            compared++;
        }

        Assert.True(compared > 60, $"{compared} were compared");
    }

    [Theory]
    [InlineData("prog_types")]
    [InlineData("map_types")]
    [InlineData("attach_types")]
    [InlineData("link_types")]
    [InlineData("helpers")]
    public void Words_are_bpftools(string list)
    {
        // It knows those of its own time; the first of some is no type.
        string[] theirs = [.. BpftoolRun.Elements($"feature list_builtins {list}").Select(name => name.GetString()!).Where(name => name is not ("unspec" or "bpf_unspec"))];
        string[] ours = [.. Lines("feature", "list_builtins", list, "--json").Select(line => Text(line, "name")!)];
        Assert.NotEmpty(theirs);
        Assert.Equal(theirs, ours.Take(theirs.Length));
        Assert.Equal(ours, Good("feature", "list_builtins", list).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
