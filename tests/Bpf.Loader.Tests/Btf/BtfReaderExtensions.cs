using Bpf.Loader.Btf;
using Xunit;

namespace Bpf.Loader.Tests.Btf;

internal static class BtfReaderExtensions
{
    /// <summary>The type with a name, which must be there.</summary>
    public static BtfTypeId Find(this BtfReader btf, string name, BtfKind kind)
    {
        Assert.True(btf.TryFind(name, kind, out BtfTypeId id), $"There is no {kind} {name}.");
        return id;
    }
}
