using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Bpf.Loader.Maps;

/// <summary>Where a walk by batches stands. It begins as <see langword="default"/> and goes with one map.</summary>
/// <typeparam name="TKey">The type of the map's keys.</typeparam>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct BpfBatchCursor<TKey>
    where TKey : unmanaged
{
    // The kernel's token: a bucket number of 4 bytes or a key, whichever the map takes; so both have room, without a gap between them.
    private TKey _token;
    private uint _rest;

    /// <summary>Whether a batch was read.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Whether the last entry was read.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>The token to go on from, or a null reference to begin.</summary>
    internal ref byte Input => ref HasBegun ? ref Unsafe.As<BpfBatchCursor<TKey>, byte>(ref Unsafe.AsRef(in this)) : ref Unsafe.NullRef<byte>();

    /// <summary>Goes on from another place.</summary>
    internal void Advance(in BpfBatchCursor<TKey> next, bool isAtEnd)
    {
        _token = next._token;
        _rest = next._rest;
        HasBegun = true;
        IsAtEnd = isAtEnd;
    }
}
