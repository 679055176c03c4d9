using System.Linq;
using Bpf.Loader.Kernel;
using Xunit;

namespace Bpf.Loader.Tests.Kernel;

public sealed class CpuListTests
{
    [Theory]
    [InlineData("0\n", new[] { 0 })]
    [InlineData("0-1\n", new[] { 0, 1 })]
    [InlineData("0-3,5\n", new[] { 0, 1, 2, 3, 5 })]
    [InlineData("2,4-4,8-9", new[] { 2, 4, 8, 9 })]
    public void List_is_read(string text, int[] cpus) => Assert.Equal(cpus, CpuList.Parse(text, "test"));

    [Fact]
    public void List_longer_than_127_bytes_is_read()
    {
        // libbpf stops at 127 bytes; machines with every other CPU absent have longer lists.
        int[] cpus = Enumerable.Range(0, 100).Select(i => i * 2).ToArray();
        Assert.Equal(cpus, CpuList.Parse(string.Join(',', cpus), "test"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("a")]
    [InlineData("0-")]
    [InlineData("-1")]
    [InlineData("3-1")]
    [InlineData("0,,1")]
    [InlineData("0-4294967295")]
    [InlineData("0-999999999")]
    [InlineData("99999999999999999999")]
    public void Anything_else_is_refused(string text)
        => Assert.Throws<BpfFormatException>(() => CpuList.Parse(text, "test"));
}
