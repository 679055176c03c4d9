using System;
using System.Globalization;
using System.IO;
using Bpf.Loader.KernelTests.Support;
using Xunit;

namespace Bpf.Loader.KernelTests.Samples;

[AnyKernel]
public sealed class UsdtTraceTests
{
    [Fact]
    public void Probes_that_NET_code_fires_are_seen()
    {
        Sample.SkipOnEmulatedCpu();
        string library = NativeShims.DotnetUsdt;
        using Sample app = Sample.StartWith(new() { ["LD_LIBRARY_PATH"] = Path.GetDirectoryName(library)! }, "usdt-app", "--pause", "5");
        Assert.EndsWith("has probes", app.ReadLine(), StringComparison.Ordinal);

        long previous = 0;
        using (Sample begin = Sample.Start("usdt-trace", library, "dotnet:begin", "--text", "2"))
        {
            begin.ReadLine();
            for (int i = 0; i < 3; i++)
            {
                string[] words = Words(begin);
                Assert.Equal(Text(app.Id), words[0]);
                Assert.Equal(["\"GET", "/primes\""], words[^2..]);
                long id = long.Parse(words[^3], CultureInfo.InvariantCulture);
                Assert.True(previous == 0 || id == previous + 1, $"{previous}, {id}");
                previous = id;
            }

            begin.Stop();
        }

        // The second probe, of this process only, and an argument more.
        using (Sample end = Sample.Start("usdt-trace", library, "dotnet:end", "--text", "2", "--pid", Text(app.Id)))
        {
            end.ReadLine();
            string[] words = Words(end);
            Assert.True(long.Parse(words[^4], CultureInfo.InvariantCulture) >= previous);
            Assert.True(long.Parse(words[^1], CultureInfo.InvariantCulture) > 0);
            end.Stop();
        }

        app.Stop();
    }

    [Fact]
    public void Without_the_library_an_application_runs_without_probes()
    {
        Sample.SkipOnEmulatedCpu();
        using Sample app = Sample.Start("usdt-app", "--pause", "5");
        Assert.EndsWith("no probes", app.ReadLine(), StringComparison.Ordinal);
        app.Stop();
    }

    private static string[] Words(Sample sample) => sample.ReadLine().Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
