using Bpf.Loader.Links.Targets;
using Xunit;

namespace Bpf.Loader.Tests.Links.Targets;

public sealed class UprobeTargetTests
{
    [Theory]
    [InlineData("uprobe/libc.so.6:malloc", "libc.so.6", "malloc", 0)]
    [InlineData("uprobe//usr/lib/libx.so:f+0x20", "/usr/lib/libx.so", "f", 32)]
    [InlineData("uprobe.s/./a.out:main", "./a.out", "main", 0)]
    [InlineData("uretprobe/bash:readline", "bash", "readline", 0)]
    [InlineData("uretprobe/bash:readline+0", "bash", "readline", 0)]
    [InlineData("uprobe/x:operator+", "x", "operator+", 0)]
    [InlineData("uprobe/x:operator++8", "x", "operator+", 8)]
    [InlineData("uprobe/x:f+8z", "x", "f+8z", 0)]
    [InlineData("uprobe/x:a::b<c>", "x", "a::b<c>", 0)]
    [InlineData("uprobe/x:f@GLIBC_2.2.5", "x", "f@GLIBC_2.2.5", 0)]
    [InlineData("uprobe//data/app.apk!/lib/x.so:f", "/data/app.apk!/lib/x.so", "f", 0)]
    public void Reads_binary_function_and_offset(string section, string binary, string function, ulong offset)
    {
        Assert.True(UprobeTarget.TryParse(section, out UprobeTarget target));
        Assert.Equal(new UprobeTarget(binary, function, offset), target);
    }

    [Theory]
    [InlineData("uprobe")]
    [InlineData("uretprobe.s")]
    [InlineData("uprobe/")]
    [InlineData("uprobe/:f")]
    public void Sections_without_a_binary_name_no_target(string section) => Assert.False(UprobeTarget.TryParse(section, out _));

    [Theory]
    [InlineData("uprobe/bash")]
    [InlineData("uprobe/bash:")]
    [InlineData("uprobe/bash:f+-4")]
    [InlineData("uretprobe/bash:f+4")]
    public void Malformed_targets_are_named(string section)
    {
        var error = Assert.Throws<BpfAttachException>(() => UprobeTarget.TryParse(section, out _));
        Assert.Equal(BpfDiagnosticId.BadAttachTarget, error.Id);
    }

    [Fact]
    public void A_pattern_keeps_its_plus_sign()
    {
        Assert.True(UprobeTarget.TryParsePattern("uprobe.multi/libc.so.6:str*+4", out UprobeTarget target));
        Assert.Equal(new UprobeTarget("libc.so.6", "str*+4", 0), target);
        Assert.False(UprobeTarget.TryParsePattern("uprobe.multi", out _));
        Assert.Throws<BpfAttachException>(() => UprobeTarget.TryParsePattern("uprobe.session/libc.so.6", out _));
    }

    [Theory]
    [InlineData("usdt//bin/x:p:n", "/bin/x", "p", "n")]
    [InlineData("usdt.s/libpython.so:python:function__entry", "libpython.so", "python", "function__entry")]
    [InlineData("usdt/x:p:n:rest", "x", "p", "n")]
    public void Reads_usdt_probes(string section, string binary, string provider, string name)
    {
        Assert.True(UsdtTarget.TryParse(section, out UsdtTarget target));
        Assert.Equal(new UsdtTarget(binary, provider, name), target);
    }

    [Theory]
    [InlineData("usdt/")]
    [InlineData("usdt/x")]
    [InlineData("usdt/x:p")]
    [InlineData("usdt/x::n")]
    [InlineData("usdt/x:p:")]
    public void Malformed_usdt_probes_are_named(string section)
    {
        Assert.Throws<BpfAttachException>(() => UsdtTarget.TryParse(section, out _));
        Assert.False(UsdtTarget.TryParse("usdt", out _));
    }
}
