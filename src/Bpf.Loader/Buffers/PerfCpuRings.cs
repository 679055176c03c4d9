using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel;

namespace Bpf.Loader.Buffers;

/// <summary>The rings of all CPUs, in the map that programs send by.</summary>
[SupportedOSPlatform("linux")]
internal static class PerfCpuRings
{
    /// <summary>Throws unless rings can be opened for a map.</summary>
    public static void Check(BpfMap map, PerfBufferOptions options)
    {
        if (map.Type != BpfMapType.PerfEventArray)
            throw new InvalidOperationException($"Map '{map.Name}' is of type {map.Type}, not {BpfMapType.PerfEventArray}.");
        if (!BitOperations.IsPow2(options.PagesPerCpu))
            throw new ArgumentException($"{options.PagesPerCpu} pages for each CPU are not a power of two.", nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.WakeUpEvents, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.WakeUpBytes, nameof(options));
        if (options.Cpus is { Count: 0 }) throw new ArgumentException("No CPU is given: null stands for all of them.", nameof(options));
    }

    /// <summary>Opens a ring for each CPU that is online, and puts it into the map.</summary>
    /// <param name="map">The map. Its file must stay open: the kernel takes the events out when it is closed (unless BPF_F_PRESERVE_ELEMS).</param>
    /// <param name="options">How the rings shall be.</param>
    /// <param name="overwrite">Whether new records overwrite the oldest.</param>
    /// <param name="opened">Gets what is to be closed when something fails.</param>
    public static PerfCpuRing[] Open(BpfMap map, PerfBufferOptions options, bool overwrite, Stack<IDisposable> opened)
    {
        var rings = new List<PerfCpuRing>();
        IReadOnlyCollection<int> online = PossibleCpus.ReadOnline();
        foreach (int cpu in options.Cpus ?? [])
        {
            // A ring that is not there would never have a record, in silence.
            if (!online.Contains(cpu) || cpu >= map.MaxEntries) throw new ArgumentException($"CPU {cpu} is not online, or the map '{map.Name}' has no place for it.", nameof(options));
        }

        foreach (int cpu in online)
        {
            if (cpu >= map.MaxEntries || options.Cpus?.Contains(cpu) == false) continue;
            if (PerfCpuRing.Open(cpu, options, overwrite) is not PerfCpuRing ring)
            {
                // It went offline meanwhile.
                if (options.Cpus is null) continue;
                throw new ArgumentException($"CPU {cpu} is not online.", nameof(options));
            }

            opened.Push(ring);
            using HandleUse use = ring.Event.Use();
            int descriptor = use.Descriptor;
            map.Set(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in cpu)), MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in descriptor)));
            rings.Add(ring);
        }

        return [.. rings];
    }

    /// <summary>Closes them; a map that preserves its elements would keep the events for ever.</summary>
    public static void Close(FileDescriptorHandle map, PerfCpuRing[] rings)
    {
        foreach (PerfCpuRing ring in rings)
        {
            int cpu = ring.Cpu;
            BpfSyscall.MapDelete(map, in Unsafe.As<int, byte>(ref cpu));
            ring.Dispose();
        }
    }
}
