using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Bpf.Loader.Links;
using Xunit;

namespace Bpf.Loader.Tests.Links;

public sealed class FunctionListTests
{
    [Fact]
    public void Addresses_come_from_the_newer_list()
    {
        var found = new List<ulong>();
        FunctionList.ReadWithAddresses(
            Text("ffffffff81000010 do_unlinkat\nffffffff81000020 do_unlinkat.cold\nffffffffc0000030 nf_hook\t[nf_tables]\n0000000000000000 do_hidden\nnonsense\n \n"),
            "do_*"u8, found);
        Assert.Equal([0xffffffff81000010, 0xffffffff81000020], found);
        found.Clear();
        FunctionList.ReadWithAddresses(Text("ffffffffc0000030 nf_hook [nf_tables]"), "nf_hook"u8, found);
        Assert.Equal([0xffffffffc0000030], found);
    }

    [Fact]
    public void Names_come_from_the_older_list() =>
        Assert.Equal(["vfs_link", "vfs_unlink"], FunctionList.ReadNames(Text("vfs_unlink\nvfs_link [m]\nvfs_unlink\nother\n"), "vfs_*"u8).Order());

    private static MemoryStream Text(string text) => new(Encoding.ASCII.GetBytes(text));
}
