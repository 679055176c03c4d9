using Bpf.Loader.Kernel;
using Xunit;

namespace Bpf.Loader.Tests.Kernel;

public sealed class KernelVersionTests
{
    [Theory]
    [InlineData(null, "#1 SMP PREEMPT_DYNAMIC", "6.18.44-fc-v657", 6, 18, 44)]
    [InlineData(null, "#1 SMP", "6.19.0-rc3+", 6, 19, 0)]
    [InlineData(null, "#1 SMP", "5.10", 5, 10, 0)]
    [InlineData(null, "#1 SMP", "4.19.325", 4, 19, 325)]

    // Debian's release is that of the ABI, the version is in the build text.
    [InlineData(null, "#1 SMP PREEMPT_DYNAMIC Debian 6.1.55-1 (2023-09-29)", "6.1.0-13-amd64", 6, 1, 55)]
    [InlineData(null, "#1 SMP Debian 6.1-1", "6.1.0-13-amd64", 6, 1, 0)]
    [InlineData(null, "#1 SMP Debian GNU", "6.1.9-1", 6, 1, 9)]

    // Ubuntu's too, and it says so in a file of its own, which wins.
    [InlineData("Ubuntu 5.4.0-12.15-generic 5.4.8\n", "#15-Ubuntu SMP", "5.4.0-12-generic", 5, 4, 8)]
    [InlineData("Ubuntu 5.4.0-12.15-generic", "#15-Ubuntu SMP", "5.4.0-12-generic", 5, 4, 0)]
    [InlineData("Ubuntu 5.4.0-12.15-generic five", "#15 Debian 5.4.7-1", "5.4.0-12-generic", 5, 4, 7)]
    [InlineData(null, null, null, 0, 0, 0)]
    [InlineData("", "", "", 0, 0, 0)]
    [InlineData(null, null, "99999999999.1.1", 0, 0, 0)]
    [InlineData(null, null, "unknown", 0, 0, 0)]
    public void Version_is_read_from_where_the_distribution_puts_it(
        string? signature, string? build, string? release, int major, int minor, int patch)
        => Assert.Equal(new KernelVersion(major, minor, patch), KernelVersion.Parse(signature, build, release));

    [Theory]
    [InlineData(6, 18, 44, 0x06122cu)]
    [InlineData(4, 19, 255, 0x0413ffu)]
    [InlineData(4, 19, 325, 0x0413ffu)] // The patch number has 8 bits, and stays below the next minor version.
    public void Code_is_that_of_the_kernel(int major, int minor, int patch, uint code)
        => Assert.Equal(code, new KernelVersion(major, minor, patch).Code);
}
