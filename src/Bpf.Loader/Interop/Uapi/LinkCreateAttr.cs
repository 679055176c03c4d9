using System.Runtime.InteropServices;

namespace Bpf.Loader.Interop.Uapi;

/// <summary>BPF_LINK_CREATE: from offset 16 on a union, by attach type.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct LinkCreateAttr
{
    /// <summary>What is passed as the size: the end of the last field.</summary>
    public const uint WireSize = 64;

    [FieldOffset(0)]
    public uint ProgFd;

    [FieldOffset(0)]
    public uint MapFd;

    [FieldOffset(4)]
    public uint TargetFd;

    [FieldOffset(4)]
    public uint TargetIfIndex;

    [FieldOffset(8)]
    public BpfAttachType AttachType;

    [FieldOffset(12)]
    public uint Flags;

    [FieldOffset(16)]
    public uint TargetBtfId;

    [FieldOffset(24)]
    public ulong TracingCookie;

    [FieldOffset(16)]
    public ulong IterInfo;

    [FieldOffset(24)]
    public uint IterInfoLen;

    [FieldOffset(16)]
    public ulong PerfEventCookie;

    [FieldOffset(16)]
    public uint KprobeMultiFlags;

    [FieldOffset(20)]
    public uint KprobeMultiCount;

    [FieldOffset(24)]
    public ulong KprobeMultiSymbols;

    [FieldOffset(32)]
    public ulong KprobeMultiAddresses;

    [FieldOffset(40)]
    public ulong KprobeMultiCookies;

    [FieldOffset(16)]
    public uint NetfilterFamily;

    [FieldOffset(20)]
    public uint NetfilterHook;

    [FieldOffset(24)]
    public int NetfilterPriority;

    [FieldOffset(28)]
    public uint NetfilterFlags;

    // tcx and netkit (6.6), cgroup (6.17).
    [FieldOffset(16)]
    public uint RelativeFd;

    [FieldOffset(16)]
    public uint RelativeId;

    [FieldOffset(24)]
    public ulong ExpectedRevision;

    [FieldOffset(16)]
    public ulong UprobeMultiPath;

    [FieldOffset(24)]
    public ulong UprobeMultiOffsets;

    [FieldOffset(32)]
    public ulong UprobeMultiRefCtrOffsets;

    [FieldOffset(40)]
    public ulong UprobeMultiCookies;

    [FieldOffset(48)]
    public uint UprobeMultiCount;

    [FieldOffset(52)]
    public uint UprobeMultiFlags;

    [FieldOffset(56)]
    public uint UprobeMultiPid;

    // Newer than 6.19.
    [FieldOffset(60)]
    public uint UprobeMultiPathFd;

    // Newer than 6.19.
    [FieldOffset(16)]
    public ulong TracingMultiIds;

    [FieldOffset(24)]
    public ulong TracingMultiCookies;

    [FieldOffset(32)]
    public uint TracingMultiCount;
}
