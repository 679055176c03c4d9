using System.Runtime.InteropServices;

namespace Bpf.Loader.Interop.Uapi;

/// <summary>What BPF_OBJ_GET_INFO_BY_FD tells of a map: <c>struct bpf_map_info</c>.</summary>
[StructLayout(LayoutKind.Explicit, Size = 104)]
internal struct MapInfo
{
    [FieldOffset(0)]
    public BpfMapType Type;

    [FieldOffset(4)]
    public uint Id;

    [FieldOffset(8)]
    public uint KeySize;

    [FieldOffset(12)]
    public uint ValueSize;

    [FieldOffset(16)]
    public uint MaxEntries;

    [FieldOffset(20)]
    public BpfMapFlags MapFlags;

    [FieldOffset(24)]
    public ObjectName Name;

    [FieldOffset(40)]
    public uint IfIndex;

    [FieldOffset(44)]
    public uint BtfVmlinuxValueTypeId;

    [FieldOffset(48)]
    public ulong NetnsDevice;

    [FieldOffset(56)]
    public ulong NetnsInode;

    [FieldOffset(64)]
    public uint BtfId;

    [FieldOffset(68)]
    public uint BtfKeyTypeId;

    [FieldOffset(72)]
    public uint BtfValueTypeId;

    [FieldOffset(76)]
    public uint BtfVmlinuxId;

    [FieldOffset(80)]
    public ulong MapExtra;

    [FieldOffset(88)]
    public ulong Hash;

    [FieldOffset(96)]
    public uint HashSize;
}
