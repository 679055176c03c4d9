using System;
using System.Runtime.Versioning;
using Bpf.Loader.Btf;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Kernel.Probes;

/// <summary>Creates the smallest map of a type.</summary>
[SupportedOSPlatform("linux")]
internal static class MapTypeProbe
{
    // Ids in the BTF of the values of local storages.
    private const uint StorageKeyType = 1;
    private const uint StorageValueType = 3;

    /// <summary>Whether the kernel knows a type; denied when the process may not ask.</summary>
    public static FeatureSupport Ask(BpfMapType type, out Errno errno)
    {
        if (type == BpfMapType.Unspecified)
        {
            errno = Errno.EINVAL;
            return FeatureSupport.Missing;
        }

        bool known = Takes(type, default, out errno);
        return ProbeRights.Doubt(ProbeAnswer.Of(known, errno), NeededCapabilities.Of(type));
    }

    /// <summary>Whether the smallest map of a type can be created when something of it is changed.</summary>
    public static bool Takes(BpfMapType type, MapChange change, out Errno errno)
    {
        MapCreateRequest request = Describe(type);
        request.Flags |= change.Flags;
        request.MapExtra = change.Extra;
        if (change.KeySize is uint key) request.KeySize = key;
        if (change.ValueSize is uint value) request.ValueSize = value;
        errno = Errno.None;
        using FileDescriptorHandle? inner = type is BpfMapType.ArrayOfMaps or BpfMapType.HashOfMaps ? CreateInner(out errno) : null;
        if (ProbeAnswer.IsShortage(errno)) return false;
        using FileDescriptorHandle? btf = request.BtfValueTypeId != 0 ? LoadStorageBtf(out errno) : null;
        if (ProbeAnswer.IsShortage(errno)) return false;
        request.InnerMap = inner;
        request.Btf = btf;
        using FileDescriptorHandle? map = BpfSyscall.MapCreate(request, out errno);

        // A kernel that knows struct_ops looks for the type of the value, and type 1 is none.
        return type == BpfMapType.StructOps ? errno == Errno.ENOTSUPP : map is not null;
    }

    /// <summary>Whether such a map is refused for what it is, and not for want of memory or descriptors.</summary>
    public static bool Refuses(BpfMapType type, MapChange change) => !Takes(type, change, out Errno errno) && !ProbeAnswer.IsShortage(errno);

    private static MapCreateRequest Describe(BpfMapType type)
    {
        MapCreateRequest request = Plain(type, keySize: 4, valueSize: 4, maxEntries: 1);
        switch (type)
        {
            case BpfMapType.StackTrace:
                return Plain(type, keySize: 4, valueSize: 8, maxEntries: 1);
            case BpfMapType.LpmTrie:
                request = Plain(type, keySize: 8, valueSize: 8, maxEntries: 1);
                request.Flags = BpfMapFlags.NoPrealloc;
                return request;
            case BpfMapType.CgroupStorage or BpfMapType.PerCpuCgroupStorage:
                // The key is struct bpf_cgroup_storage_key.
                return Plain(type, keySize: 16, valueSize: 8, maxEntries: 0);
            case BpfMapType.Queue or BpfMapType.Stack or BpfMapType.BloomFilter:
                return Plain(type, keySize: 0, valueSize: 4, maxEntries: 1);
            case BpfMapType.SkStorage or BpfMapType.InodeStorage or BpfMapType.TaskStorage or BpfMapType.CgrpStorage:
                request = Plain(type, keySize: 4, valueSize: 8, maxEntries: 0);
                request.Flags = BpfMapFlags.NoPrealloc;
                request.BtfKeyTypeId = StorageKeyType;
                request.BtfValueTypeId = StorageValueType;
                return request;
            case BpfMapType.RingBuf or BpfMapType.UserRingBuf:
                return Plain(type, keySize: 0, valueSize: 0, maxEntries: (uint)Environment.SystemPageSize);
            case BpfMapType.StructOps:
                request.BtfVmlinuxValueTypeId = 1;
                return request;
            case BpfMapType.Arena:
                request = Plain(type, keySize: 0, valueSize: 0, maxEntries: 1);
                request.Flags = BpfMapFlags.Mmapable;
                return request;
            case BpfMapType.InsnArray:
                // The value is struct bpf_insn_array_value.
                return Plain(type, keySize: 4, valueSize: 16, maxEntries: 1);
            case BpfMapType.RHash:
                request.Flags = BpfMapFlags.NoPrealloc;
                return request;
            default:
                return request;
        }
    }

    private static MapCreateRequest Plain(BpfMapType type, uint keySize, uint valueSize, uint maxEntries)
        => new() { Type = type, KeySize = keySize, ValueSize = valueSize, MaxEntries = maxEntries };

    private static FileDescriptorHandle? CreateInner(out Errno errno)
        => BpfSyscall.MapCreate(Plain(BpfMapType.Hash, keySize: 4, valueSize: 4, maxEntries: 1), out errno);

    // struct bpf_spin_lock { int val; }; struct val { int cnt; struct bpf_spin_lock l; };
    private static FileDescriptorHandle? LoadStorageBtf(out Errno errno)
    {
        byte[] blob = ProbeBtf.Build(
            [
                1, ProbeBtf.Info(BtfKind.Int), 4, ProbeBtf.SignedInt32, // [1] int
                5, ProbeBtf.Info(BtfKind.Struct, 1), 4, 19, 1, 0, // [2] struct bpf_spin_lock
                19, ProbeBtf.Info(BtfKind.Struct, 2), 8, 23, 1, 0, 27, 2, 32, // [3] struct val
            ],
            "\0int\0bpf_spin_lock\0val\0cnt\0l\0"u8);
        return BpfSyscall.BtfLoad(blob, default, 0, null, out errno);
    }
}
