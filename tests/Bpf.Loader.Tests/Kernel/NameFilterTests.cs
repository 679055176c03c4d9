using System.Globalization;
using System.Linq;
using System.Text;
using Bpf.Loader.Kernel;
using Xunit;

namespace Bpf.Loader.Tests.Kernel;

public sealed class NameFilterTests
{
    [Fact]
    public void What_was_added_is_held_and_little_else()
    {
        var filter = new NameFilter();
        for (int i = 0; i < 200_000; i++)
            filter.Add(Name(i));
        Assert.Equal(200_000, Enumerable.Range(0, 200_000).Count(i => filter.MayHold(Name(i))));
        // The hash has no seed: the share is the same each time.
        Assert.InRange(Enumerable.Range(200_000, 100_000).Count(i => filter.MayHold(Name(i))), 0, 100);
    }

    private static byte[] Name(int number) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"nf_conn_{number}"));
}
