using System;
using System.Collections.Generic;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Buffers;

/// <summary>
/// A perf event array that always holds the newest records: new ones overwrite the oldest, and nobody has to read until something
/// happened that makes them interesting (Linux 4.7).
/// </summary>
/// <remarks>
/// One ring for each CPU that is online when it is opened. While a ring is read, what programs send there is lost. Use by one thread
/// at a time; opening needs CAP_PERFMON (CAP_SYS_ADMIN before 5.8).
/// </remarks>
[SupportedOSPlatform("linux")]
public sealed class PerfRecorder : IDisposable
{
    private readonly FileDescriptorHandle _map;
    private readonly PerfCpuRing[] _rings;
    private readonly ulong[] _heads;
    private readonly byte[] _scratch = GC.AllocateUninitializedArray<byte>(PerfCursor.MaxRecordSize);
    private ReaderGate _gate;

    private PerfRecorder(string name, FileDescriptorHandle map, PerfCpuRing[] rings)
    {
        Name = name;
        _map = map;
        _rings = rings;
        _heads = new ulong[rings.Length];
    }

    /// <summary>The name of the map.</summary>
    public string Name { get; }

    /// <summary>How many CPUs have a ring.</summary>
    public int CpuCount => _rings.Length;

    /// <summary>Calls back for each record that is there, CPU by CPU, of each the newest first.</summary>
    /// <param name="handler">Takes a record.</param>
    /// <param name="onlyNew">Whether to leave out what an earlier call has given already.</param>
    /// <returns>How many records there were.</returns>
    /// <exception cref="ObjectDisposedException">The recorder is disposed.</exception>
    /// <exception cref="InvalidOperationException">Somebody else is reading.</exception>
    /// <exception cref="BpfException">A ring cannot be paused.</exception>
    public int Read(PerfRecordHandler handler, bool onlyNew = false)
    {
        ArgumentNullException.ThrowIfNull(handler);
        _gate.Enter("perf recorder", Name);
        int count = 0;
        try
        {
            for (int i = 0; i < _rings.Length; i++)
                count += Read(i, handler, onlyNew);
        }
        finally
        {
            if (_gate.Exit())
                Free();
        }

        return count;
    }

    /// <summary>Closes the rings, at once or when the reader that is inside leaves. The map stays.</summary>
    public void Dispose()
    {
        if (_gate.Close(out bool hasReader) && !hasReader)
            Free();
    }

    /// <summary>Opens a ring for each CPU and tells the map.</summary>
    internal static PerfRecorder Open(BpfMap map, PerfBufferOptions options)
    {
        PerfCpuRings.Check(map, options);
        var opened = new Stack<IDisposable>();
        try
        {
            FileDescriptorHandle handle = map.Handle.Duplicate();
            opened.Push(handle);
            return new PerfRecorder(map.Name, handle, PerfCpuRings.Open(map, options, overwrite: true, opened));
        }
        catch
        {
            foreach (IDisposable one in opened)
                one.Dispose();
            throw;
        }
    }

    private int Read(int index, PerfRecordHandler handler, bool onlyNew)
    {
        PerfCpuRing ring = _rings[index];
        Pause(ring, true);
        try
        {
            int count = 0;
            // A ring that was just made has written nothing: its head is 0.
            var cursor = new PerfBackwardCursor(ring.Area, _scratch, onlyNew ? _heads[index] : 0);
            while (cursor.MoveNext())
            {
                count++;
                handler(ring.Cpu, cursor.Current);
            }

            _heads[index] = cursor.Head;
            return count;
        }
        finally
        {
            Pause(ring, false);
        }
    }

    private static void Pause(PerfCpuRing ring, bool pause)
    {
        Errno errno = PerfEvent.PauseOutput(ring.Event, pause);
        if (errno != Errno.None)
            throw new BpfException("ioctl(PERF_EVENT_IOC_PAUSE_OUTPUT)", errno, $"the perf buffer of CPU {ring.Cpu}", null);
    }

    private void Free()
    {
        PerfCpuRings.Close(_map, _rings);
        _map.Dispose();
    }
}
