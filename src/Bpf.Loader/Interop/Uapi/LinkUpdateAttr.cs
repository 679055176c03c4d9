using System.Runtime.InteropServices;

namespace Bpf.Loader.Interop.Uapi;

/// <summary>BPF_LINK_UPDATE.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct LinkUpdateAttr
{
    /// <summary>What is passed as the size: the end of the last field.</summary>
    public const uint WireSize = 16;

    [FieldOffset(0)]
    public uint LinkFd;

    [FieldOffset(4)]
    public uint NewFd;

    [FieldOffset(8)]
    public uint Flags;

    [FieldOffset(12)]
    public uint OldFd;
}
