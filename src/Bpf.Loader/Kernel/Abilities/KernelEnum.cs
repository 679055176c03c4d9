using System;
using System.Runtime.Versioning;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Kernel.Abilities;

/// <summary>The enumerations of the uapi as the running kernel's own types have them.</summary>
[SupportedOSPlatform("linux")]
internal static class KernelEnum
{
    public const string ProgramTypes = "bpf_prog_type", MapTypes = "bpf_map_type", AttachTypes = "bpf_attach_type";

    /// <summary>Whether the kernel's enumeration has a value; null when its types cannot be asked.</summary>
    public static bool? Has(string name, long value)
    {
        if (Find(name) is not BtfType type) return null;
        foreach (BtfEnumerator enumerator in type.Enumerators)
        {
            if (enumerator.Value == value && !IsCount(enumerator)) return true;
        }

        return false;
    }

    /// <summary>The last value of an enumeration with its name, such as <c>30 (BPF_PROG_TYPE_SK_LOOKUP)</c>; null when the kernel's types cannot be asked.</summary>
    public static string? DescribeLast(string name)
    {
        if (Find(name) is not BtfType type) return null;
        BtfEnumerator? last = null;
        foreach (BtfEnumerator enumerator in type.Enumerators)
        {
            if (!IsCount(enumerator) && (last is null || enumerator.Value > last.Value.Value)) last = enumerator;
        }

        return last is BtfEnumerator found ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{found.Value} ({found.Name})") : null;
    }

    /// <summary>Whether a struct or union of the kernel has a member; null when its types cannot be asked, or have no such type.</summary>
    public static bool? HasMember(BtfKind kind, string name, string member)
    {
        if (Types() is not BtfReader types || !types.TryFind(name, kind, out BtfTypeId id)) return null;
        foreach (BtfMember candidate in types[id].Members)
        {
            if (candidate.Name == member) return true;
        }

        return false;
    }

    /// <summary>Whether the kernel has a struct; null when its types cannot be asked.</summary>
    public static bool? HasStruct(string name) => Types()?.TryFind(name, BtfKind.Struct, out _);

    // The last of most, such as __MAX_BPF_ATTACH_TYPE and __BPF_FUNC_MAX_ID, is the count of the others.
    private static bool IsCount(in BtfEnumerator enumerator) => enumerator.NameUtf8.StartsWith("__"u8);

    private static BtfType? Find(string name) => Types() is BtfReader types && types.TryFind(name, BtfKind.Enum, out BtfTypeId id) ? types[id] : null;

    private static BtfReader? Types()
    {
        try
        {
            return KernelBtf.TryGetVmlinux(out BtfReader? types) ? types : null;
        }
        catch (Exception failure) when (failure is BpfException or BpfFormatException)
        {
            return null;
        }
    }
}
