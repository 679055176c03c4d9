using System;
using System.Collections.Generic;
using System.Runtime.Versioning;
using System.Threading;
using Bpf.Loader.Symbols.Processes;

namespace Bpf.Loader.Symbols;

/// <summary>
/// Who processes are, and were: each is asked for once, and what is known of one stays when it has ended. Numbers that are used again, and
/// processes that run another program, are noticed.
/// </summary>
/// <remarks>
/// <see cref="Observe"/> is called when a process is seen first, as at the event of its start; <see cref="ProcessWatch"/> does so by itself.
/// Safe to use from several threads.
/// </remarks>
[SupportedOSPlatform("linux")]
public sealed class ProcessTable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, Entry> _entries = [];
    private readonly int _capacity;
    private readonly long _interval;
    private long _uses;

    /// <summary>Makes a table.</summary>
    /// <param name="capacity">How many processes are remembered; beyond, the one that was not asked for the longest time is forgotten.</param>
    /// <param name="refreshInterval">How long a process is taken to be who it was; null for a second.</param>
    public ProcessTable(int capacity = 8192, TimeSpan? refreshInterval = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _capacity = capacity;
        _interval = (long)(refreshInterval ?? TimeSpan.FromSeconds(1)).TotalMilliseconds;
    }

    /// <summary>How many processes are remembered.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _entries.Count;
        }
    }

    /// <summary>Who a process is, or was.</summary>
    /// <param name="processId">The process, as we number it.</param>
    /// <param name="startTime">When it began, in nanoseconds since the boot (<c>start_boottime</c>), so that it is not taken for another of its number; 0 when that is not known.</param>
    /// <returns>Null when it has ended before it was seen.</returns>
    public ProcessInfo? Find(int processId, ulong startTime = 0)
    {
        lock (_lock)
        {
            _entries.TryGetValue(processId, out Entry? known);
            if (known is null || (!known.HasEnded && Environment.TickCount64 - known.Time >= _interval)) known = Look(processId, known);
            for (; known is not null; known = known.Previous)
            {
                if (startTime != 0 && !known.Incarnation.BeganAt(startTime)) continue;
                known.LastUse = ++_uses;
                return known.Info;
            }

            return null;
        }
    }

    /// <summary>Looks at a process now, whatever is known of it.</summary>
    /// <param name="processId">The process.</param>
    /// <returns>Who it is, or was; null when it has ended before it was seen.</returns>
    public ProcessInfo? Observe(int processId)
    {
        lock (_lock)
        {
            _entries.TryGetValue(processId, out Entry? known);
            return Look(processId, known)?.Info;
        }
    }

    /// <summary>Remembers what somebody else has learnt of a process, as a BPF program at its start does.</summary>
    /// <param name="info">Who it is.</param>
    public void Add(ProcessInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        lock (_lock)
        {
            _entries.TryGetValue(info.ProcessId, out Entry? known);
            var incarnation = new Incarnation((ulong)(info.StartTime.Ticks / 100_000), 0, 0);
            Put(info, incarnation, known?.Incarnation.StartTime == incarnation.StartTime ? known.Previous : known);
        }
    }

    private Entry? Look(int processId, Entry? known)
    {
        Incarnation? now = Incarnation.Of(processId);
        if (now is null)
        {
            if (known is not null) known.HasEnded = true;
            return known;
        }

        if (known is not null && known.Incarnation == now)
        {
            known.Time = Environment.TickCount64;
            return known;
        }

        if (ProcessInfo.Read(processId) is not ProcessInfo info) return known;
        // Of one that is just ending the kernel has forgotten what it ran.
        if (known is not null && known.Incarnation.StartTime == now.Value.StartTime && info.Executable is null && known.Info.Executable is not null)
        {
            known.HasEnded = true;
            return known;
        }

        // One that runs another program is the same process still; one of another time is another.
        return Put(info, now.Value, known?.Incarnation.StartTime == now.Value.StartTime ? known.Previous : known);
    }

    private Entry Put(ProcessInfo info, Incarnation incarnation, Entry? previous)
    {
        if (previous is not null) (previous.Previous, previous.HasEnded) = (null, true);
        var entry = new Entry(info, incarnation) { Previous = previous, LastUse = ++_uses };
        _entries[info.ProcessId] = entry;
        if (_entries.Count > _capacity) Forget();
        return entry;
    }

    private void Forget()
    {
        Entry? oldest = null;
        foreach (Entry entry in _entries.Values)
        {
            if (oldest is null || entry.LastUse < oldest.LastUse) oldest = entry;
        }

        _entries.Remove(oldest!.Info.ProcessId);
    }

    private sealed class Entry(ProcessInfo info, Incarnation incarnation)
    {
        public ProcessInfo Info => info;

        public Incarnation Incarnation => incarnation;

        public Entry? Previous { get; set; }

        public long Time { get; set; } = Environment.TickCount64;

        public long LastUse { get; set; }

        public bool HasEnded { get; set; }
    }
}
