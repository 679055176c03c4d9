using System.Runtime.InteropServices;

namespace Bpf.Loader.Interop.Uapi;

/// <summary>BPF_PROG_ASSOC_STRUCT_OPS.</summary>
[StructLayout(LayoutKind.Explicit, Size = 12)]
internal struct AssocStructOpsAttr
{
    /// <summary>What is passed as the size: the end of the last field.</summary>
    public const uint WireSize = 12;

    [FieldOffset(0)]
    public uint MapFd;

    [FieldOffset(4)]
    public uint ProgFd;

    [FieldOffset(8)]
    public uint Flags;
}
