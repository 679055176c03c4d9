using System.Runtime.InteropServices;

namespace Bpf.Loader.Interop.Uapi;

/// <summary>The batch commands (5.6).</summary>
[StructLayout(LayoutKind.Explicit, Size = 56)]
internal struct MapBatchAttr
{
    /// <summary>What is passed as the size: the end of the last field.</summary>
    public const uint WireSize = 56;

    [FieldOffset(0)]
    public ulong InBatch;

    [FieldOffset(8)]
    public ulong OutBatch;

    [FieldOffset(16)]
    public ulong Keys;

    [FieldOffset(24)]
    public ulong Values;

    // In: how many fit. Out: how many were handled, also when the call fails.
    [FieldOffset(32)]
    public uint Count;

    [FieldOffset(36)]
    public uint MapFd;

    [FieldOffset(40)]
    public ulong ElementFlags;

    [FieldOffset(48)]
    public ulong Flags;
}
