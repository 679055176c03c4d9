using System;
using System.Linq;
using System.Text.Json;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Tests.Tool;
using Xunit;

namespace Bpf.Loader.KernelTests.Tokens;

/// <summary><c>bpf token</c>, of file systems that delegate something.</summary>
public sealed class TokenCommandTests : KernelTest
{
    private static readonly string[] Options =
        ["delegate_cmds=map_create:prog_load:btf_load:map_freeze:link_create", "delegate_maps=array:ringbuf", "delegate_progs=any"];

    public TokenCommandTests() => Assert.SkipUnless(KernelVersion.Current.CompareTo(new KernelVersion(6, 9, 0)) >= 0, "Linux 6.9 has the first tokens.");

    // What bpftool of Linux 6.18 prints of it, but for the blanks at the ends of its lines.
    [Fact]
    public void What_is_delegated_is_listed()
    {
        using var inside = new TokenNamespace(Options);
        BpfTool tool = inside.Run(BpfTool.Path, "token", "list");
        Assert.Equal((0, ""), (tool.ExitCode, tool.Error));
        Assert.Contains(
            $"""
            token_info  {inside.MountPoint}
            {"\t"}allowed_cmds:
            {"\t"}  map_create          prog_load           btf_load            map_freeze
            {"\t"}  link_create
            {"\t"}allowed_maps:
            {"\t"}  array               ringbuf
            {"\t"}allowed_progs:
            {"\t"}  any
            {"\t"}allowed_attachs:

            """,
            tool.Output, StringComparison.Ordinal);
        Assert.Equal(tool.Output, inside.Run(BpfTool.Path, "token").Output);
    }

    [Fact]
    public void What_is_delegated_is_listed_for_programs()
    {
        using var inside = new TokenNamespace(Options);
        BpfTool tool = inside.Run(BpfTool.Path, "token", "show", "--json");
        JsonElement line = Assert.Single(tool.Lines, line => line.GetProperty("token_info").GetString() == inside.MountPoint);
        Assert.Equal(["token_info", "allowed_cmds", "allowed_maps", "allowed_progs", "allowed_attachs"], line.EnumerateObject().Select(member => member.Name));
        Assert.Equal(["map_create", "prog_load", "btf_load", "map_freeze", "link_create"], line.GetProperty("allowed_cmds").EnumerateArray().Select(item => item.GetString()!).ToArray());
        Assert.Equal("any", Assert.Single(line.GetProperty("allowed_progs").EnumerateArray()).GetString());
        Assert.Empty(line.GetProperty("allowed_attachs").EnumerateArray());
    }

    [Fact]
    public void A_file_system_that_delegates_nothing_is_not_listed()
    {
        using var bpffs = new TestFileSystem();
        BpfTool tool = BpfTool.Run("token", "list");
        Assert.Equal((0, ""), (tool.ExitCode, tool.Error));
        Assert.DoesNotContain(bpffs.Path, tool.Output, StringComparison.Ordinal);
    }
}
