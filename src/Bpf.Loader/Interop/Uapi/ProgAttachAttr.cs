using System.Runtime.InteropServices;

namespace Bpf.Loader.Interop.Uapi;

/// <summary>BPF_PROG_ATTACH and BPF_PROG_DETACH.</summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
internal struct ProgAttachAttr
{
    /// <summary>What is passed as the size: the end of the last field.</summary>
    public const uint WireSize = 32;

    [FieldOffset(0)]
    public uint TargetFd;

    [FieldOffset(0)]
    public uint TargetIfIndex;

    [FieldOffset(4)]
    public uint AttachBpfFd;

    [FieldOffset(8)]
    public BpfAttachType AttachType;

    [FieldOffset(12)]
    public uint AttachFlags;

    [FieldOffset(16)]
    public uint ReplaceBpfFd;

    [FieldOffset(20)]
    public uint RelativeFd;

    [FieldOffset(20)]
    public uint RelativeId;

    [FieldOffset(24)]
    public ulong ExpectedRevision;
}
