using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using Bpf.Loader.KernelTests.Support;
using Xunit;

namespace Bpf.Loader.KernelTests.Samples;

[AnyKernel]
public sealed partial class HistogramTests
{
    [Fact]
    public void Runqlat_counts_waits_for_a_CPU()
    {
        Sample.SkipOnEmulatedCpu();
        using Sample runqlat = Sample.Start("runqlat", "--interval", "0.2");
        for (int i = 0; i < 50; i++)
            Thread.Sleep(1);
        string line = runqlat.ReadLineWith("->", "|*");
        Assert.True(Count(line) > 0, line);
        runqlat.Stop();
    }

    [Fact]
    public void Runqlat_draws_when_it_ends()
    {
        Sample.SkipOnEmulatedCpu();
        using Sample runqlat = Sample.Start("runqlat", "--pid", Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        Assert.StartsWith("measuring", runqlat.ReadLine(), StringComparison.Ordinal);
        for (int i = 0; i < 50; i++)
            Thread.Sleep(1);
        string drawn = runqlat.Stop();
        Assert.Contains("microseconds        : count    distribution", drawn, StringComparison.Ordinal);
        Assert.True(AssertDrawn(drawn) > 0, drawn);
    }

    [Fact]
    public void Biolatency_counts_requests_of_a_device()
    {
        Sample.SkipOnEmulatedCpu();
        Assert.SkipUnless(File.Exists("/dev/loop-control"), "this kernel has no loop devices");
        string image = Path.GetTempFileName();
        using (FileStream file = File.OpenWrite(image))
            file.SetLength(1 << 20);
        string device = Shell.Run($"losetup --find --show {image}").Trim();
        try
        {
            using Sample biolatency = Sample.Start("biolatency");
            biolatency.ReadLine();
            Shell.Run($"dd if={device} of=/dev/null bs=4096 iflag=direct");
            string[] parts = biolatency.Stop().Trim().Split("\n\n");
            string drawn = Assert.Single(parts, part => part.StartsWith(Path.GetFileName(device) + "\n", StringComparison.Ordinal));
            Assert.True(AssertDrawn(drawn) >= 256, drawn);
        }
        finally
        {
            Shell.Run($"losetup --detach {device}");
            File.Delete(image);
        }
    }

    // The slots go up without a gap, and the fullest has the longest bar. The result is the sum of the counts.
    private static long AssertDrawn(string drawn)
    {
        Match[] slots = [.. Slot().Matches(drawn).Cast<Match>()];
        Assert.NotEmpty(slots);
        for (int i = 1; i < slots.Length; i++)
            Assert.Equal(Number(slots[i - 1], 2) + 1, Number(slots[i], 1));
        long most = slots.Max(slot => Number(slot, 3));
        Assert.All(slots, slot => Assert.Equal(Number(slot, 3) == most, slot.Groups[4].Length == 40));
        return slots.Sum(slot => Number(slot, 3));
    }

    private static long Count(string line) => Number(Slot().Match(line), 3);

    private static long Number(Match slot, int group) => long.Parse(slot.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(\d+) -> (\d+) *: (\d+) *\|(\**)")]
    private static partial Regex Slot();
}
