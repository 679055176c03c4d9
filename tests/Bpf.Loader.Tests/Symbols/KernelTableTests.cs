using System.Text;
using Bpf.Loader.Symbols;
using Bpf.Loader.Symbols.Kernel;
using Xunit;

namespace Bpf.Loader.Tests.Symbols;

public class KernelTableTests
{
    private const string Symbols = """
        ffffffff81000000 T _stext
        ffffffff81000000 T first_name
        ffffffff81000100 t vfs_read
        ffffffff81000200 D some_data
        ffffffff81000300 W weak_one
        ffffffff81001000 T _etext
        ffffffffc0000000 t nft_do_chain	[nf_tables]
        ffffffffc0100000 t bpf_prog_6deef7357e7b4530_sample	[bpf]
        ffffffffc0000800 t nft_other	[nf_tables]
        ffffffffc0200000 t of_hidden	[hidden]

        """;

    private const string Modules = """
        nf_tables 356352 0 - Live 0xffffffffc0000000
        hidden 4096 0 - Live 0x0000000000000000

        """;

    private readonly KernelTable _table = KernelTable.Read(Encoding.UTF8.GetBytes(Symbols), Encoding.UTF8.GetBytes(Modules));

    [Theory]
    [InlineData(0xffffffff81000000, "_stext", "[kernel]", SymbolKind.Kernel, 0)]
    [InlineData(0xffffffff8100017f, "vfs_read", "[kernel]", SymbolKind.Kernel, 0x7f)]
    [InlineData(0xffffffff810002ff, "vfs_read", "[kernel]", SymbolKind.Kernel, 0x1ff)]
    [InlineData(0xffffffff81000300, "weak_one", "[kernel]", SymbolKind.Kernel, 0)]
    [InlineData(0xffffffffc0000010, "nft_do_chain", "[nf_tables]", SymbolKind.KernelModule, 0x10)]
    [InlineData(0xffffffffc0000801, "nft_other", "[nf_tables]", SymbolKind.KernelModule, 1)]
    [InlineData(0xffffffffc0056fff, "nft_other", "[nf_tables]", SymbolKind.KernelModule, 0x567ff)]
    [InlineData(0xffffffffc0208000, "of_hidden", "[hidden]", SymbolKind.KernelModule, 0x8000)]
    [InlineData(0xffffffffc0100004, "bpf_prog_6deef7357e7b4530_sample", "[bpf]", SymbolKind.BpfProgram, 4)]
    public void Addresses_have_the_function_in_front_of_them(ulong address, string name, string module, SymbolKind kind, int offset)
    {
        Assert.True(_table.TryFind(address, out Symbol symbol));
        Assert.Equal(new Symbol(name, module, kind, (ulong)offset), symbol);
    }

    [Theory]
    [InlineData(0xffffffff80ffffff)] // in front of all
    [InlineData(0xffffffffa0000000)] // behind the kernel's code
    [InlineData(0xffffffffc0057000)] // behind a module, where programs are put that come later
    [InlineData(0xfffffffff0000000)] // behind all
    [InlineData(0UL)]
    public void What_is_no_code_has_no_name(ulong address) => Assert.False(_table.TryFind(address, out _));

    [Fact]
    public void Hidden_addresses_are_told()
    {
        KernelTable hidden = KernelTable.Read("0000000000000000 T _stext\n0000000000000000 t vfs_read\n"u8, default);
        Assert.True(hidden.AreAddressesHidden);
        Assert.False(hidden.TryFind(0, out _));
        Assert.False(KernelTable.Read([], []).AreAddressesHidden);
        Assert.Equal(0, KernelTable.Read("garbage\n\nzz T x\n1 T\n"u8, "garbage\n\nveth\n"u8).Count);
    }
}
