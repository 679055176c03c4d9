using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.Versioning;
using Bpf.Loader;
using Bpf.Loader.Maps;
using Bpf.Tool.Commands.Programs;
using Bpf.Tool.Interop;
using Microsoft.Win32.SafeHandles;

namespace Bpf.Tool.Profiling;

/// <summary>Reads counters of the CPUs where a program begins and where it ends, by two programs that are attached there.</summary>
[SupportedOSPlatform("linux")]
internal sealed class CounterProfiler : IDisposable
{
    private const string PossiblePath = "/sys/devices/system/cpu/possible", OnlinePath = "/sys/devices/system/cpu/online";

    private readonly IReadOnlyList<CounterMetric> _metrics;
    private readonly List<SafeFileHandle> _counters = [];
    private readonly BpfObject _bpf;
    private readonly BpfLinkCollection _links;

    /// <summary>Begins to count.</summary>
    /// <param name="program">The program.</param>
    /// <param name="metrics">What is counted.</param>
    /// <exception cref="BpfLoaderException">This machine has no such counter; the program has no BTF; or the kernel attaches nothing to programs (Linux 5.5).</exception>
    public CounterProfiler(BpfProgram program, IReadOnlyList<CounterMetric> metrics)
    {
        _metrics = metrics;
        uint cpus = (uint)ReadCpus(PossiblePath).Max() + 1;
        try
        {
            var opened = new List<(uint Place, SafeFileHandle Counter)>();
            foreach ((int index, CounterMetric metric) in metrics.Index())
            {
                foreach (int cpu in ReadCpus(OnlinePath))
                {
                    SafeFileHandle counter = PerfCounter.Open(metric.Type, metric.Config, metric.Name, cpu);
                    _counters.Add(counter);
                    opened.Add((((uint)index * cpus) + (uint)cpu, counter));
                }
            }

            BpfObjectFile file = BpfObjectFile.Read(ReadObject(), "counters.bpf.o");
            file.Maps["events"].MaxEntries = (uint)metrics.Count * cpus;
            file.Globals["metrics"].Set((uint)metrics.Count);
            file.Globals["cpus"].Set(cpus);
            string function = FullName.Of(program, program.GetInfo());
            foreach (string name in new[] { "begin", "end" }) file.Programs[name].AttachTarget = function;
            _bpf = file.Load(new BpfLoadOptions { AttachPrograms = new Dictionary<string, BpfProgram> { ["begin"] = program, ["end"] = program } });
            BpfDescriptorArray events = _bpf.Maps["events"].AsDescriptorArray();
            foreach ((uint place, SafeFileHandle counter) in opened) events.Set(place, counter);
            _links = _bpf.AttachAll();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Ends the counting, and reads what was counted.</summary>
    /// <returns>How often the program ran, and a reading for each metric.</returns>
    public (ulong Runs, CounterReading[] Readings) Stop()
    {
        _links.Dispose();
        BpfPerCpuMap<uint, ulong> runs = _bpf.Maps["runs"].AsPerCpu<uint, ulong>();
        BpfPerCpuMap<uint, CounterReading.Set> sums = _bpf.Maps["sums"].AsPerCpu<uint, CounterReading.Set>();
        ulong[] counts = new ulong[runs.CpuCount];
        var sets = new CounterReading.Set[sums.CpuCount];
        runs.TryGet(0, counts);
        sums.TryGet(0, sets);
        var readings = new CounterReading[_metrics.Count];
        foreach (CounterReading.Set set in sets)
        {
            for (int i = 0; i < readings.Length; i++) readings[i] += set.Of[i];
        }

        return (counts.Aggregate(0ul, static (sum, count) => sum + count), readings);
    }

    public void Dispose()
    {
        _links?.Dispose();
        _bpf?.Dispose();
        foreach (SafeFileHandle counter in _counters) counter.Dispose();
    }

    // Numbers and ranges: 0-3,6.
    private static IEnumerable<int> ReadCpus(string path)
    {
        foreach (string part in File.ReadAllText(path).Trim().Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] ends = part.Split('-');
            int first = int.Parse(ends[0], CultureInfo.InvariantCulture), last = int.Parse(ends[^1], CultureInfo.InvariantCulture);
            for (int cpu = first; cpu <= last; cpu++) yield return cpu;
        }
    }

    private static byte[] ReadObject()
    {
        using Stream resource = typeof(CounterProfiler).Assembly.GetManifestResourceStream("counters.bpf.o")!;
        byte[] image = new byte[resource.Length];
        resource.ReadExactly(image);
        return image;
    }
}
