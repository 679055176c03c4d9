using System;
using System.Text;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;

namespace Bpf.Loader.Objects;

/// <summary>Makes maps of the sections that hold variables: an array of one entry whose value is the section.</summary>
internal static class DataMapReader
{
    public static void Read(ObjectContext context)
    {
        foreach (ElfSection section in context.Elf.Sections)
        {
            BpfMapKind? kind = context.Roles[section.Index] switch
            {
                SectionRole.Data => BpfMapKind.Data,
                SectionRole.ReadOnlyData => BpfMapKind.ReadOnlyData,
                SectionRole.Bss => BpfMapKind.Bss,
                _ => null,
            };
            if (kind is null) continue;
            if (section.Size > int.MaxValue)
                throw context.Fail(BpfDiagnosticId.DataSectionTooLarge, $"The section takes 0x{section.Size:x} bytes, and a map of variables at most 2 GiB.", section.Index);

            BpfMapDefinition map = Make(context, kind.Value, context.SectionNames[section.Index], section.Index, (uint)section.Size);
            if (kind == BpfMapKind.Bss) map.SetZeroInitialValue((int)section.Size);
            else map.SetInitialValue(section.Data.Span);
            context.DataMaps.Add(section.Index, map);
        }

        uint configSize = 0;
        foreach (BpfExternDefinition item in context.Externs)
        {
            if (item.Kind == BpfExternKind.KernelConfig) configSize = Math.Max(configSize, item.Offset + item.Size);
        }

        if (configSize == 0) return;
        Make(context, BpfMapKind.KernelConfig, ExternReader.ConfigSection, -1, configSize).SetZeroInitialValue((int)configSize);
    }

    private static BpfMapDefinition Make(ObjectContext context, BpfMapKind kind, string section, int index, uint size)
    {
        string kernelName = KernelName(context.Name, section);
        bool isCustom = kind is BpfMapKind.Data or BpfMapKind.ReadOnlyData && section is not (".data" or ".rodata");
        var map = new BpfMapDefinition(isCustom ? section : kernelName, kind)
        {
            KernelName = kernelName,
            SectionName = section,
            SectionIndex = index,
            Type = BpfMapType.Array,
            KeySize = sizeof(uint),
            ValueSize = size,
            MaxEntries = 1,
        };
        if (kind is BpfMapKind.ReadOnlyData or BpfMapKind.KernelConfig) map.Flags = BpfMapFlags.ReadOnlyProgram;
        if (context.TryFindDataSection(section, out BtfType type))
        {
            map.BtfValueTypeId = type.Id;
            if (HasVisibleVariable(context, type)) map.Flags |= BpfMapFlags.Mmapable;
        }

        context.Maps.Add(map);
        return map;
    }

    // A section whose variables are all static (constants that the compiler made, most often) is not worth a mapping.
    private static bool HasVisibleVariable(ObjectContext context, BtfType section)
    {
        foreach (BtfSectionVariable entry in section.Variables)
        {
            BtfType variable = context.Btf![entry.TypeId];
            if (variable.Kind == BtfKind.Variable && variable.Linkage != BtfLinkage.Static) return true;
        }

        return false;
    }

    /// <summary>
    /// The name in the kernel, at most 15 bytes: the object and the section (<c>execsnoo.rodata</c>), with 7 bytes at least for the
    /// section; a custom section (<c>.data.foo</c>) goes without the object.
    /// </summary>
    internal static string KernelName(string objectName, string section)
    {
        byte[] prefix = Encoding.UTF8.GetBytes(objectName), suffix = Encoding.UTF8.GetBytes(section);
        int suffixLength = Math.Min(Math.Max(7, suffix.Length), BpfMapDefinition.MaximumKernelName);
        bool isCustom = section.IndexOf('.', 1) >= 0;
        int prefixLength = isCustom ? 0 : Math.Min(BpfMapDefinition.MaximumKernelName - suffixLength, prefix.Length);

        var name = new StringBuilder(BpfMapDefinition.MaximumKernelName);
        foreach (byte b in prefix.AsSpan(0, prefixLength)) name.Append(Allowed(b));
        foreach (byte b in suffix.AsSpan(0, Math.Min(suffixLength, suffix.Length))) name.Append(Allowed(b));
        return name.ToString();
    }

    private static char Allowed(byte b) => char.IsAsciiLetterOrDigit((char)b) || b is (byte)'_' or (byte)'.' ? (char)b : '_';
}
