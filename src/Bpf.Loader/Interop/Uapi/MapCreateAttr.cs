using System.Runtime.InteropServices;

namespace Bpf.Loader.Interop.Uapi;

/// <summary>BPF_MAP_CREATE.</summary>
[StructLayout(LayoutKind.Explicit, Size = 96)]
internal struct MapCreateAttr
{
    /// <summary>What is passed as the size: the end of the last field.</summary>
    public const uint WireSize = 92;

    [FieldOffset(0)]
    public BpfMapType MapType;

    [FieldOffset(4)]
    public uint KeySize;

    [FieldOffset(8)]
    public uint ValueSize;

    [FieldOffset(12)]
    public uint MaxEntries;

    [FieldOffset(16)]
    public BpfMapFlags MapFlags;

    [FieldOffset(20)]
    public uint InnerMapFd;

    [FieldOffset(24)]
    public uint NumaNode;

    [FieldOffset(28)]
    public ObjectName MapName;

    [FieldOffset(44)]
    public uint MapIfIndex;

    [FieldOffset(48)]
    public uint BtfFd;

    [FieldOffset(52)]
    public uint BtfKeyTypeId;

    [FieldOffset(56)]
    public uint BtfValueTypeId;

    [FieldOffset(60)]
    public uint BtfVmlinuxValueTypeId;

    [FieldOffset(64)]
    public ulong MapExtra;

    // Valid with BPF_F_VTYPE_BTF_OBJ_FD only (6.9).
    [FieldOffset(72)]
    public int ValueTypeBtfObjFd;

    // Valid with BPF_F_TOKEN_FD only (6.9).
    [FieldOffset(76)]
    public int MapTokenFd;

    [FieldOffset(80)]
    public ulong ExclProgHash;

    [FieldOffset(88)]
    public uint ExclProgHashSize;
}
