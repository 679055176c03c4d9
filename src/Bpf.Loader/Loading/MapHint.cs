using Bpf.Loader.Objects;

namespace Bpf.Loader.Loading;

/// <summary>What is likely wrong with a map that the kernel refuses.</summary>
internal static class MapHint
{
    public static string? For(BpfMapDefinition definition, Errno errno) => (errno, definition) switch
    {
        (Errno.EINVAL, { MaxEntries: 0 }) when NeedsEntries(definition.Type) => "Give it max_entries, which is 0.",
        (Errno.EINVAL, { Type: BpfMapType.RingBuf or BpfMapType.UserRingBuf, ValueSize: not 0 }) => "A ring buffer has neither key nor value: drop __type(key) and __type(value).",
        (Errno.EINVAL, { Type: BpfMapType.ArrayOfMaps or BpfMapType.HashOfMaps, InnerMap: null }) => "Define what its inner maps are like with __array(values, ...), or give one in code.",
        (Errno.EINVAL, _) => $"Its type ({definition.Type}), sizes (key {definition.KeySize}, value {definition.ValueSize}, {definition.MaxEntries} entries) or flags (0x{(uint)definition.Flags:x}) are not what this kernel takes; the type may be newer than the kernel.",
        (Errno.E2BIG, _) => $"A key of {definition.KeySize} or a value of {definition.ValueSize} bytes, or {definition.MaxEntries} entries, are too many.",
        (Errno.ENOMEM, _) => $"There is not enough memory for {definition.MaxEntries} entries; BPF_F_NO_PREALLOC takes it as entries come.",
        _ => null,
    };

    private static bool NeedsEntries(BpfMapType type) => type is not (
        BpfMapType.SkStorage or BpfMapType.InodeStorage or BpfMapType.TaskStorage or BpfMapType.CgrpStorage
        or BpfMapType.CgroupStorage or BpfMapType.PerCpuCgroupStorage);
}
