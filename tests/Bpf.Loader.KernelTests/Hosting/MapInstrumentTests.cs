using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Linq;
using Bpf.Loader.Hosting;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Maps;
using Xunit;

namespace Bpf.Loader.KernelTests.Hosting;

[AnyKernel]
public class MapInstrumentTests : KernelTest
{
    private const string Name = nameof(MapInstrumentTests);

    [Fact]
    public void Each_entry_of_a_map_is_a_measurement()
    {
        using var meter = new Meter(Name);
        using var measurements = new Measurements(Name);
        using (BpfMap map = Create(BpfMapType.Hash))
        {
            BpfMap<uint, ulong> counts = map.As<uint, ulong>();
            meter.CreateObservableCounter("packets", counts, Port, count => (long)count, "{packet}");
            meter.CreateObservableGauge("size", counts, Port, count => count / 2.0);
            Assert.Empty(measurements.Collect("packets", "port"));

            counts[80] = 3;
            counts[443] = 5;
            Assert.Equal(new Dictionary<string, double> { ["80"] = 3, ["443"] = 5 }, measurements.Collect("packets", "port"));
            Assert.Equal(2.5, measurements.Collect("size", "port")["443"]);
        }

        Assert.Empty(measurements.Collect("packets", "port"));
    }

    [Fact]
    public void The_values_of_all_cpus_are_one_measurement()
    {
        using var meter = new Meter(Name);
        using var measurements = new Measurements(Name);
        using BpfMap map = Create(BpfMapType.PerCpuHash);
        BpfPerCpuMap<uint, ulong> counts = map.AsPerCpu<uint, ulong>();
        ulong[] values = [.. Enumerable.Range(1, counts.CpuCount).Select(cpu => (ulong)cpu)];
        counts.Set(80, values);
        meter.CreateObservableCounter("packets", counts, Port, count => (long)count);
        meter.CreateObservableGauge("doubled", counts, Port, count => count * 2.0);
        Assert.Equal(values.Sum(value => (double)value), measurements.Collect("packets", "port")["80"]);
        Assert.Equal(values.Sum(value => value * 2.0), measurements.Collect("doubled", "port")["80"]);
    }

    [Theory]
    [InlineData(BpfMapType.Array)]
    [InlineData(BpfMapType.PerCpuArray)]
    public void A_log2_histogram_becomes_buckets(BpfMapType type)
    {
        using var meter = new Meter(Name);
        using var measurements = new Measurements(Name);
        using BpfMap map = Create(type);
        var expected = new Dictionary<string, double> { ["1"] = 4, ["3"] = 4, ["7"] = 6, ["+Inf"] = 6 };
        if (type == BpfMapType.Array)
        {
            BpfMap<uint, ulong> slots = map.As<uint, ulong>();
            (slots[0], slots[2]) = (4, 2);
            meter.CreateObservableLog2Histogram("latency", slots, "us");
        }
        else
        {
            BpfPerCpuMap<uint, ulong> slots = map.AsPerCpu<uint, ulong>();
            ulong[] values = new ulong[slots.CpuCount];
            (values[0], values[^1]) = (values[0] + 1, values[^1] + 3);
            slots.Set(0, values);
            (values[0], values[^1]) = (2, slots.CpuCount > 1 ? 0UL : 2);
            slots.Set(2, values);
            meter.CreateObservableLog2Histogram("latency", slots, "us");
        }

        Assert.Equal(expected, measurements.Collect("latency", "le"));
    }

    private static BpfMap Create(BpfMapType type) =>
        BpfMap.Create(new BpfMapCreateOptions { Type = type, Name = "counts", KeySize = 4, ValueSize = 8, MaxEntries = 32 });

    private static KeyValuePair<string, object?>[] Port(uint port) => [new("port", port)];
}
