using System;

namespace Bpf.Loader.Interop;

/// <summary>What BPF_MAP_CREATE takes. What is left at zero does not exist for the kernel.</summary>
internal ref struct MapCreateRequest
{
    public BpfMapType Type;
    public uint KeySize;
    public uint ValueSize;
    public uint MaxEntries;
    public BpfMapFlags Flags;
    public ulong MapExtra;
    public uint NumaNode;
    public uint IfIndex;

    /// <summary>UTF-8; cut at 15 bytes.</summary>
    public ReadOnlySpan<byte> Name;

    public FileDescriptorHandle? InnerMap;
    public FileDescriptorHandle? Btf;
    public uint BtfKeyTypeId;
    public uint BtfValueTypeId;

    /// <summary>The type of a struct_ops map in the kernel's BTF.</summary>
    public uint BtfVmlinuxValueTypeId;

    /// <summary>The module's BTF that holds it; sets BPF_F_VTYPE_BTF_OBJ_FD (6.9).</summary>
    public FileDescriptorHandle? ValueTypeBtf;

    /// <summary>Sets BPF_F_TOKEN_FD (6.9).</summary>
    public FileDescriptorHandle? Token;

    /// <summary>SHA-256 of the only program that may use the map (6.18).</summary>
    public ReadOnlySpan<byte> ExclusiveProgramHash;

    /// <summary>Where the kernel says why it refuses; needs <c>KernelFeature.BpfSyscallCommonAttributes</c>.</summary>
    public Span<byte> Log;
}
