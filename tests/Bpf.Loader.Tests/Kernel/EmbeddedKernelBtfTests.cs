using System.IO;
using System.Linq;
using System.Text;
using Bpf.Loader.Btf;
using Bpf.Loader.Kernel;
using Xunit;

namespace Bpf.Loader.Tests.Kernel;

public sealed class EmbeddedKernelBtfTests
{
    private static readonly byte[] General = TypesWith("general"), Special = TypesWith("special");

    private static EmbeddedKernelBtf Carried { get; } = new(
        () => ["other.resource", "bpf-kernels/5.4.0-91-generic.btf", "bpf-kernels/aarch64/5.4.0-91-generic.btf", "bpf-kernels/x86_64/4.18.0.btf", "bpf-kernels/broken.btf"],
        name => name switch
        {
            "bpf-kernels/5.4.0-91-generic.btf" => new MemoryStream(General),
            "bpf-kernels/broken.btf" => new MemoryStream([1, 2, 3]),
            _ => new MemoryStream(Special),
        });

    [Theory]
    [InlineData("5.4.0-91-generic", "x86_64", "general")]
    [InlineData("5.4.0-91-generic", "aarch64", "special")]
    [InlineData("4.18.0", "x86_64", "special")]
    [InlineData("4.18.0", "aarch64", null)] // another machine's types would be wrong ones
    [InlineData("5.4.0-92-generic", "x86_64", null)] // and so would another release's
    [InlineData("", "", null)]
    public void A_kernel_is_known_by_release_and_machine(string release, string machine, string? expected)
    {
        BtfReader? found = Carried.Find(release, machine);
        Assert.Equal(expected is not null, found is not null);
        if (found is not null) Assert.True(found.Index.TryFind(Encoding.UTF8.GetBytes(expected!), BtfKind.Struct, out _));
    }

    [Fact]
    public void What_is_carried_is_listed() =>
        Assert.Equal(["5.4.0-91-generic", "aarch64/5.4.0-91-generic", "broken", "x86_64/4.18.0"], Carried.Kernels.Order(System.StringComparer.Ordinal));

    [Fact]
    public void Broken_types_are_told() => Assert.Throws<BpfFormatException>(() => Carried.Find("broken", "x86_64"));

    [Fact]
    public void An_assembly_without_any_carries_none() => Assert.Empty(EmbeddedKernelBtf.Of(typeof(BpfObjectFile).Assembly).Kernels);

    private static byte[] TypesWith(string name)
    {
        var builder = new BtfBuilder();
        builder.AddStruct(name, 4);
        return builder.ToArray();
    }
}
