using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.Versioning;
using System.Threading;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Buffers;

/// <summary>The reading end of a perf event array, to which programs send with <c>bpf_perf_event_output</c> (Linux 4.4).</summary>
/// <remarks>
/// One ring for each CPU that is online when it is opened. Records of one CPU come in order; between CPUs there is none. Where the
/// kernel has ring buffers (5.8), they are the better choice. Reading is as with <see cref="RingBuffer"/>: in place, by callback, or
/// as a stream; one reader at a time; disposing is safe at any moment. Opening needs CAP_PERFMON (CAP_SYS_ADMIN before 5.8).
/// </remarks>
[SupportedOSPlatform("linux")]
public sealed partial class PerfBuffer : IDisposable
{
    private readonly FileDescriptorHandle _map;
    private readonly PerfCpuRing[] _rings;
    private readonly EpollWaiter _waiter;
    private readonly byte[] _scratch = GC.AllocateUninitializedArray<byte>(PerfCursor.MaxRecordSize);
    private ReaderGate _gate;
    private int _pass;
    private long _consumed;
    private long _lost;
    private BpfMap? _source; // to know what its records are

    private PerfBuffer(string name, FileDescriptorHandle map, PerfCpuRing[] rings, EpollWaiter waiter)
    {
        Name = name;
        _map = map;
        _rings = rings;
        _waiter = waiter;
    }

    /// <summary>The name of the map.</summary>
    public string Name { get; }

    /// <summary>How many CPUs have a ring.</summary>
    public int CpuCount => _rings.Length;

    /// <summary>The numbers of those CPUs.</summary>
    public IEnumerable<int> Cpus => _rings.Select(static ring => ring.Cpu);

    /// <summary>How many records were given out by this object.</summary>
    public long Consumed => Volatile.Read(ref _consumed);

    /// <summary>How many records the kernel had no room for, as far as its notes of that were read.</summary>
    public long Lost => Volatile.Read(ref _lost);

    /// <summary>How many records of one CPU the kernel had no room for, as far as its notes of that were read.</summary>
    /// <param name="cpu">The CPU's number.</param>
    /// <returns>The number; 0 for a CPU that has no ring.</returns>
    public long GetLost(int cpu)
    {
        foreach (PerfCpuRing ring in _rings)
        {
            if (ring.Cpu == cpu)
                return ring.Lost;
        }

        return 0;
    }

    /// <summary>Wakes a waiting reader, and closes the rings at once or when the reader that is inside leaves. The map stays.</summary>
    public void Dispose()
    {
        if (_gate.Close(_waiter))
            Free();
    }

    /// <summary>Opens a ring for each CPU and tells the map.</summary>
    internal static PerfBuffer Open(BpfMap map, PerfBufferOptions options)
    {
        PerfCpuRings.Check(map, options);

        // The kernel takes the events out of the map when the file through which they were put in is closed (unless
        // BPF_F_PRESERVE_ELEMS): a second descriptor keeps it open.
        var opened = new Stack<IDisposable>();
        try
        {
            FileDescriptorHandle handle = map.Handle.Duplicate();
            opened.Push(handle);
            var waiter = new EpollWaiter();
            opened.Push(waiter);
            PerfCpuRing[] rings = PerfCpuRings.Open(map, options, overwrite: false, opened);
            for (int i = 0; i < rings.Length; i++)
                waiter.Add(rings[i].Event, EpollEvents.In, i);
            return new PerfBuffer(map.Name, handle, rings, waiter) { _source = map };
        }
        catch
        {
            foreach (IDisposable one in opened)
                one.Dispose();
            throw;
        }
    }

    private void Exit()
    {
        if (_gate.Exit())
            Free();
    }

    private void Free()
    {
        PerfCpuRings.Close(_map, _rings);
        _waiter.Dispose();
        _map.Dispose();
    }
}
