using System.Runtime.InteropServices;

namespace Bpf.Loader.Interop.Uapi;

/// <summary>What BPF_OBJ_GET_INFO_BY_FD tells of a link: <c>struct bpf_link_info</c>; from offset 16 on a union, by type.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct LinkInfo
{
    [FieldOffset(0)]
    public BpfLinkType Type;

    [FieldOffset(4)]
    public uint Id;

    [FieldOffset(8)]
    public uint ProgId;

    [FieldOffset(16)]
    public ulong RawTracepointName;

    [FieldOffset(24)]
    public uint RawTracepointNameLength;

    [FieldOffset(32)]
    public ulong RawTracepointCookie;

    [FieldOffset(16)]
    public BpfAttachType TracingAttachType;

    [FieldOffset(20)]
    public uint TracingTargetObjectId;

    [FieldOffset(24)]
    public uint TracingTargetBtfId;

    [FieldOffset(32)]
    public ulong TracingCookie;

    [FieldOffset(16)]
    public ulong CgroupId;

    [FieldOffset(24)]
    public BpfAttachType CgroupAttachType;

    [FieldOffset(16)]
    public ulong IterTargetName;

    [FieldOffset(24)]
    public uint IterTargetNameLength;

    [FieldOffset(28)]
    public uint IterMapId;

    [FieldOffset(32)]
    public ulong IterCgroupId;

    [FieldOffset(40)]
    public uint IterCgroupOrder;

    [FieldOffset(32)]
    public uint IterTaskTid;

    [FieldOffset(36)]
    public uint IterTaskPid;

    [FieldOffset(16)]
    public uint NetnsInode;

    [FieldOffset(20)]
    public BpfAttachType NetnsAttachType;

    // xdp, tcx and netkit.
    [FieldOffset(16)]
    public uint IfIndex;

    [FieldOffset(20)]
    public BpfAttachType IfAttachType;

    // struct_ops and sockmap.
    [FieldOffset(16)]
    public uint MapId;

    [FieldOffset(20)]
    public BpfAttachType MapAttachType;

    [FieldOffset(16)]
    public uint NetfilterFamily;

    [FieldOffset(20)]
    public uint NetfilterHook;

    [FieldOffset(24)]
    public int NetfilterPriority;

    [FieldOffset(28)]
    public uint NetfilterFlags;

    [FieldOffset(16)]
    public ulong KprobeMultiAddresses;

    [FieldOffset(24)]
    public uint KprobeMultiCount;

    [FieldOffset(28)]
    public uint KprobeMultiFlags;

    [FieldOffset(32)]
    public ulong KprobeMultiMissed;

    [FieldOffset(40)]
    public ulong KprobeMultiCookies;

    [FieldOffset(16)]
    public ulong UprobeMultiPath;

    [FieldOffset(24)]
    public ulong UprobeMultiOffsets;

    [FieldOffset(32)]
    public ulong UprobeMultiRefCtrOffsets;

    [FieldOffset(40)]
    public ulong UprobeMultiCookies;

    [FieldOffset(48)]
    public uint UprobeMultiPathSize;

    [FieldOffset(52)]
    public uint UprobeMultiCount;

    [FieldOffset(56)]
    public uint UprobeMultiFlags;

    [FieldOffset(60)]
    public uint UprobeMultiPid;

    [FieldOffset(16)]
    public uint PerfEventType;

    // The file of a uprobe, the function of a kprobe, the name of a tracepoint.
    [FieldOffset(24)]
    public ulong PerfEventName;

    [FieldOffset(32)]
    public uint PerfEventNameLength;

    [FieldOffset(36)]
    public uint PerfEventOffset;

    [FieldOffset(40)]
    public ulong UprobeCookie;

    [FieldOffset(48)]
    public ulong UprobeRefCtrOffset;

    [FieldOffset(40)]
    public ulong KprobeAddress;

    [FieldOffset(48)]
    public ulong KprobeMissed;

    [FieldOffset(56)]
    public ulong KprobeCookie;

    [FieldOffset(40)]
    public ulong TracepointCookie;

    [FieldOffset(24)]
    public ulong EventConfig;

    [FieldOffset(32)]
    public uint EventType;

    [FieldOffset(40)]
    public ulong EventCookie;
}
