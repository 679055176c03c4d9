using Bpf.Loader.Links.Targets;
using Xunit;

namespace Bpf.Loader.Tests.Links.Targets;

public sealed class KprobeTargetTests
{
    [Theory]
    [InlineData("kprobe/do_unlinkat", "do_unlinkat", 0)]
    [InlineData("kprobe/do_unlinkat+0x10", "do_unlinkat", 16)]
    [InlineData("kprobe/do_unlinkat+020", "do_unlinkat", 16)]
    [InlineData("kprobe/do_unlinkat+16", "do_unlinkat", 16)]
    [InlineData("kprobe/free.isra.0", "free.isra.0", 0)]
    [InlineData("kprobe/vfs_read (entry)", "vfs_read", 0)] // what follows is passed over, as libbpf does
    [InlineData("kprobe/vfs_read+", "vfs_read", 0)]
    [InlineData("kretprobe/vfs_read", "vfs_read", 0)]
    [InlineData("kretprobe/vfs_read+0", "vfs_read", 0)]
    public void Reads_function_and_offset(string section, string function, ulong offset)
    {
        Assert.True(KprobeTarget.TryParse(section, out KprobeTarget target));
        Assert.Equal(new KprobeTarget(function, offset), target);
    }

    [Theory]
    [InlineData("kprobe")]
    [InlineData("kretprobe")]
    public void Bare_sections_name_no_target(string section) => Assert.False(KprobeTarget.TryParse(section, out _));

    [Theory]
    [InlineData("kprobe/")]
    [InlineData("kprobe/*")]
    [InlineData("kprobe/vfs_read-4")]
    [InlineData("kretprobe/vfs_read+4")]
    public void Malformed_targets_are_named(string section)
    {
        var error = Assert.Throws<BpfAttachException>(() => KprobeTarget.TryParse(section, out _));
        Assert.Equal((BpfDiagnosticId.BadAttachTarget, Errno.EINVAL), (error.Id, error.Errno));
        Assert.Contains(section, error.Message, System.StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kprobe.multi/tcp_*", false, "tcp_*")]
    [InlineData("kprobe.session/vfs_rea?", false, "vfs_rea?")]
    [InlineData("kprobe.multi/nf:tcp_*", false, "nf")]
    [InlineData("fentry.multi/nf_tables:nft_*", true, "nf_tables:nft_*")]
    public void Patterns_end_at_the_first_other_character(string section, bool allowModule, string expected)
    {
        Assert.True(PatternTarget.TryParse(section, allowModule, out string pattern));
        Assert.Equal(expected, pattern);
    }

    [Fact]
    public void Patterns_may_be_missing_but_not_empty()
    {
        Assert.False(PatternTarget.TryParse("kprobe.multi", false, out _));
        Assert.Throws<BpfAttachException>(() => PatternTarget.TryParse("kprobe.multi/", false, out _));
    }
}
