using System;
using System.Globalization;
using System.IO;
using Bpf.Loader.KernelTests.Support;
using Xunit;

namespace Bpf.Loader.KernelTests.Samples;

[AnyKernel]
public sealed class OpenSnoopTests
{
    private static string OwnPid => Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    [Fact]
    public void Shows_what_is_opened_and_what_came_of_it()
    {
        Sample.SkipOnEmulatedCpu();
        string present = Path.GetTempFileName(), missing = present + ".missing";
        using Sample snoop = Sample.Start("opensnoop", "--pid", OwnPid);
        snoop.ReadLine();
        using (FileStream file = File.OpenRead(present))
        {
            string[] words = snoop.ReadLineWith(present).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(OwnPid, words[0]);
            Assert.Equal(file.SafeFileHandle.DangerousGetHandle().ToString(CultureInfo.InvariantCulture), words[^2]);
        }

        Assert.Throws<FileNotFoundException>(() => File.OpenRead(missing));
        snoop.ReadLineWith(OwnPid, "ENOENT", missing);
        snoop.Stop();
        File.Delete(present);
    }

    [Fact]
    public void Shows_failures_only()
    {
        Sample.SkipOnEmulatedCpu();
        using Sample snoop = Sample.Start("opensnoop", "--pid", OwnPid, "--failed");
        snoop.ReadLine();
        File.OpenRead("/proc/self/status").Dispose();
        Assert.Throws<FileNotFoundException>(() => File.OpenRead("/tmp/opensnoop.missing"));
        Assert.EndsWith("ENOENT   /tmp/opensnoop.missing", snoop.ReadLine(), StringComparison.Ordinal);
        snoop.Stop();
    }
}
