using Bpf.Loader.Kernel;
using Xunit;

namespace Bpf.Loader.Tests.Kernel;

public sealed class CIntegerTests
{
    // The answers are those of strtoull(text, &end, 0) in glibc, with *end == 0 and errno == 0 for success.
    [Theory]
    [InlineData("0", true, 0UL)]
    [InlineData("250", true, 250UL)]
    [InlineData("0x10", true, 16UL)]
    [InlineData("0XfF", true, 255UL)]
    [InlineData("020", true, 16UL)]
    [InlineData("-1", true, ulong.MaxValue)]
    [InlineData("+5", true, 5UL)]
    [InlineData("  7", true, 7UL)]
    [InlineData("18446744073709551615", true, ulong.MaxValue)]
    [InlineData("0xffffffffffffffff", true, ulong.MaxValue)]
    [InlineData("18446744073709551616", false, 0UL)]
    [InlineData("0x10000000000000000", false, 0UL)]
    [InlineData("08", false, 0UL)]
    [InlineData("0x", false, 0UL)]
    [InlineData("0xg", false, 0UL)]
    [InlineData("", false, 0UL)]
    [InlineData("-", false, 0UL)]
    [InlineData("12a", false, 0UL)]
    [InlineData("12 ", false, 0UL)]
    public void Number_is_read_as_in_C(string text, bool valid, ulong value)
    {
        Assert.Equal(valid, CInteger.TryParse(text, out ulong actual));
        if (valid)
            Assert.Equal(value, actual);
    }
}
