using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Bpf.Loader.Maps;

/// <summary>A view of the stack traces that programs collected with <c>bpf_get_stackid</c> (Linux 4.6).</summary>
/// <remarks>No operation allocates. Safe to use from several threads.</remarks>
[SupportedOSPlatform("linux")]
public sealed class BpfStackTraces
{
    internal BpfStackTraces(BpfMap map)
    {
        ViewCheck.Type(map, "stack traces", BpfMapType.StackTrace);
        Map = map;
    }

    /// <summary>The map.</summary>
    public BpfMap Map { get; }

    /// <summary>Whether the frames are build ids and offsets (<see cref="BpfMapFlags.StackBuildId"/>) and not addresses.</summary>
    public bool HasBuildIds => (Map.Flags & BpfMapFlags.StackBuildId) != 0;

    /// <summary>How many frames a trace has at the most.</summary>
    public int MaxDepth => Map.ValueSize / (HasBuildIds ? Unsafe.SizeOf<BpfStackBuildId>() : sizeof(ulong));

    /// <summary>How many entries there are.</summary>
    /// <remarks>
    /// The kernel keeps no count that it tells: each reading walks over all numbers that a trace can have, and counts what it
    /// meets while programs go on adding and removing.
    /// </remarks>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public int Count => WholeMap.Count(Map);

    /// <summary>Reads a trace as addresses.</summary>
    /// <param name="id">What <c>bpf_get_stackid</c> returned; a negative number is an error of the program's, and no trace.</param>
    /// <param name="addresses">Where the addresses go, innermost first: <see cref="MaxDepth"/> of them.</param>
    /// <param name="depth">How many there are.</param>
    /// <returns><see langword="false"/> when there is no such trace.</returns>
    /// <exception cref="InvalidOperationException">The frames are build ids.</exception>
    /// <exception cref="ArgumentException">The span is shorter than <see cref="MaxDepth"/>.</exception>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool TryGet(int id, Span<ulong> addresses, out int depth)
    {
        if (HasBuildIds)
            throw new InvalidOperationException($"The frames of {MapRefusal.Describe(Map)} are build ids.");
        depth = 0;
        if (!Read(id, addresses))
            return false;
        // The kernel fills the rest with zeroes.
        int end = addresses[..MaxDepth].IndexOf(0ul);
        depth = end < 0 ? MaxDepth : end;
        return true;
    }

    /// <summary>Reads a trace as build ids and offsets.</summary>
    /// <param name="id">What <c>bpf_get_stackid</c> returned; a negative number is an error of the program's, and no trace.</param>
    /// <param name="frames">Where the frames go, innermost first: <see cref="MaxDepth"/> of them.</param>
    /// <param name="depth">How many there are.</param>
    /// <returns><see langword="false"/> when there is no such trace.</returns>
    /// <exception cref="InvalidOperationException">The frames are addresses.</exception>
    /// <exception cref="ArgumentException">The span is shorter than <see cref="MaxDepth"/>.</exception>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool TryGet(int id, Span<BpfStackBuildId> frames, out int depth)
    {
        if (!HasBuildIds)
            throw new InvalidOperationException($"The frames of {MapRefusal.Describe(Map)} are addresses.");
        depth = 0;
        if (!Read(id, frames))
            return false;
        while (depth < MaxDepth && !frames[depth].IsEmpty)
            depth++;
        return true;
    }

    /// <summary>Removes a trace.</summary>
    /// <param name="id">What <c>bpf_get_stackid</c> returned.</param>
    /// <returns><see langword="false"/> when there is no such trace.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool Remove(int id) => id >= 0 && Map.Remove(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in id)));

    /// <summary>Whether there is a trace.</summary>
    /// <param name="id">What <c>bpf_get_stackid</c> returned.</param>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool ContainsKey(int id) => id >= 0 && Map.ContainsKey(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in id)));

    /// <summary>Removes all entries.</summary>
    /// <remarks>
    /// A system call for each number that a trace can have. It is not one step: what programs add meanwhile may stay or go.
    /// </remarks>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public void Clear() => WholeMap.Clear(Map);

    private bool Read<T>(int id, Span<T> frames)
        where T : unmanaged
    {
        if (frames.Length < MaxDepth)
            throw new ArgumentException($"A trace has up to {MaxDepth} frames, and there is room for {frames.Length}.");
        return id >= 0 && Map.TryGet(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in id)), MemoryMarshal.AsBytes(frames[..MaxDepth]));
    }
}
