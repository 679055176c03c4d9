using System.Runtime.InteropServices;

namespace Bpf.Loader.Interop.Uapi;

/// <summary>What BPF_OBJ_GET_INFO_BY_FD tells of BTF: <c>struct bpf_btf_info</c>.</summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
internal struct BtfInfo
{
    [FieldOffset(0)]
    public ulong Btf;

    [FieldOffset(8)]
    public uint BtfSize;

    [FieldOffset(12)]
    public uint Id;

    [FieldOffset(16)]
    public ulong Name;

    [FieldOffset(24)]
    public uint NameLen;

    [FieldOffset(28)]
    public uint KernelBtf;
}
