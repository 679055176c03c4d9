using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.Versioning;
using Bpf.Loader;
using Bpf.Loader.Links;
using Bpf.Loader.Maps;
using Bpf.Loader.Symbols;

namespace Bpf.Tool.Profiling;

/// <summary>Samples what the CPUs do.</summary>
[SupportedOSPlatform("linux")]
internal sealed class CpuProfiler : IDisposable
{
    private readonly Symbolizer _symbolizer = new();
    private readonly HashSet<(uint, ulong)> _known = [];
    private readonly BpfObject _bpf;
    private readonly BpfLink _link;
    private readonly BpfMap<StackKey, ulong> _counts;
    private readonly DateTimeOffset _start = DateTimeOffset.UtcNow;
    private readonly ulong _frequency;

    /// <param name="onlyPid">The process whose code is sampled; 0 for all.</param>
    /// <param name="frequency">How many samples a second are taken on each CPU.</param>
    /// <exception cref="BpfLoaderException">The kernel refused.</exception>
    public CpuProfiler(uint onlyPid, ulong frequency)
    {
        _frequency = frequency;
        BpfObjectFile file = BpfObjectFile.Read(ReadObject(), "profile.bpf.o");
        file.Globals["only_pid"].Set(onlyPid);
        _bpf = file.Load();
        try
        {
            _counts = _bpf.Maps["counts"].As<StackKey, ulong>();
            // The clock is there in virtual machines, too, where the CPU's own counters are not.
            _link = _bpf.Programs["sample"].AttachPerfEvent(PerfEventDescription.Software(PerfSoftwareEvent.CpuClock), new PerfEventOptions { Frequency = frequency });
        }
        catch
        {
            _bpf.Dispose();
            throw;
        }
    }

    /// <summary>How many samples were not counted, since too many stacks were.</summary>
    public ulong Dropped => _bpf.Globals["dropped"].Get<ulong>();

    /// <summary>Looks at what the processes have mapped that were sampled since the last time: some may have ended when all is read.</summary>
    public void Capture()
    {
        foreach ((StackKey key, _) in _counts)
        {
            if (_known.Add((key.Pid, key.StartTime))) _symbolizer.Capture((int)key.Pid);
        }
    }

    /// <summary>Ends the sampling, and reads what was counted.</summary>
    public StackProfile Stop()
    {
        _link.Dispose();
        var profile = new StackProfile { Start = _start, Duration = DateTimeOffset.UtcNow - _start, Period = TimeSpan.FromSeconds(1.0 / _frequency) };
        BpfStackTraces stacks = _bpf.Maps["stacks"].AsStackTraces();
        foreach ((StackKey key, ulong count) in _counts)
            profile.Add(_symbolizer.Resolve(stacks, (int)key.Pid, key.UserStack, key.KernelStack, key.Comm.ToString(), key.StartTime), (long)count);
        return profile;
    }

    public void Dispose()
    {
        _link.Dispose();
        _bpf.Dispose();
        _symbolizer.Dispose();
    }

    private static byte[] ReadObject()
    {
        using Stream resource = typeof(CpuProfiler).Assembly.GetManifestResourceStream("profile.bpf.o")!;
        byte[] image = new byte[resource.Length];
        resource.ReadExactly(image);
        return image;
    }
}
