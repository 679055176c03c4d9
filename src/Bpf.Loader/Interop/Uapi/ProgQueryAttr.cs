using System.Runtime.InteropServices;

namespace Bpf.Loader.Interop.Uapi;

/// <summary>BPF_PROG_QUERY.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct ProgQueryAttr
{
    /// <summary>What is passed as the size: the end of the last field.</summary>
    public const uint WireSize = 64;

    [FieldOffset(0)]
    public uint TargetFd;

    [FieldOffset(0)]
    public uint TargetIfIndex;

    [FieldOffset(4)]
    public BpfAttachType AttachType;

    [FieldOffset(8)]
    public uint QueryFlags;

    [FieldOffset(12)]
    public uint AttachFlags;

    [FieldOffset(16)]
    public ulong ProgIds;

    [FieldOffset(24)]
    public uint Count;

    [FieldOffset(32)]
    public ulong ProgAttachFlags;

    [FieldOffset(40)]
    public ulong LinkIds;

    [FieldOffset(48)]
    public ulong LinkAttachFlags;

    [FieldOffset(56)]
    public ulong Revision;
}
