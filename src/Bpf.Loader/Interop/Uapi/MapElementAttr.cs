using System.Runtime.InteropServices;

namespace Bpf.Loader.Interop.Uapi;

/// <summary>The element commands, BPF_MAP_GET_NEXT_KEY and, by its first field, BPF_MAP_FREEZE.</summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
internal struct MapElementAttr
{
    /// <summary>What is passed as the size: the end of the last field.</summary>
    public const uint WireSize = 32;

    [FieldOffset(0)]
    public uint MapFd;

    [FieldOffset(8)]
    public ulong Key;

    [FieldOffset(16)]
    public ulong Value;

    [FieldOffset(16)]
    public ulong NextKey;

    [FieldOffset(24)]
    public ulong Flags;
}
