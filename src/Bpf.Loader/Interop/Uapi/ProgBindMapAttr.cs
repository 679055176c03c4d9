using System.Runtime.InteropServices;

namespace Bpf.Loader.Interop.Uapi;

/// <summary>BPF_PROG_BIND_MAP.</summary>
[StructLayout(LayoutKind.Explicit, Size = 12)]
internal struct ProgBindMapAttr
{
    /// <summary>What is passed as the size: the end of the last field.</summary>
    public const uint WireSize = 12;

    [FieldOffset(0)]
    public uint ProgFd;

    [FieldOffset(4)]
    public uint MapFd;

    [FieldOffset(8)]
    public uint Flags;
}
