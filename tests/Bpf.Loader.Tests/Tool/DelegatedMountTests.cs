using System.Linq;
using Bpf.Tool.Commands.Tokens;
using Xunit;

namespace Bpf.Loader.Tests.Tool;

/// <summary>Lines of <c>/proc/mounts</c>.</summary>
public sealed class DelegatedMountTests
{
    [Fact]
    public void Only_bpf_file_systems_that_delegate_something_count()
    {
        DelegatedMount[] mounts = [.. DelegatedMount.Parse(
        [
            "proc /proc proc rw,nosuid 0 0",
            "bpf /sys/fs/bpf bpf rw,nosuid,nodev,noexec,relatime,mode=700 0 0",
            "x /elsewhere tmpfs rw,delegate_cmds=any 0 0",
            @"bpf /run/a\040b\134c\303\244 bpf rw,relatime,delegate_cmds=any,delegate_maps=hash:0x80000000 0 0",
            "damaged",
        ])];
        DelegatedMount mount = Assert.Single(mounts);
        Assert.Equal(@"/run/a b\cä", mount.Path);
        Assert.Equal(["any"], mount.Of("delegate_cmds"));
        Assert.Equal(["hash", "0x80000000"], mount.Of("delegate_maps"));
        Assert.Empty(mount.Of("delegate_progs"));
    }

    [Fact]
    public void Bytes_that_the_kernel_does_not_escape_are_text()
    {
        // As File.ReadLines gives them in Latin-1: a character for each byte.
        Assert.Equal("/ä", DelegatedMount.Parse(["bpf /\u00c3\u00a4 bpf rw,delegate_progs=xdp 0 0"]).Single().Path);
    }
}
