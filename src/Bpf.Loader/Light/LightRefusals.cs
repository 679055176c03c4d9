using System;
using System.Linq;
using Bpf.Loader.Objects;
using Bpf.Loader.Relocation;

namespace Bpf.Loader.Light;

/// <summary>What an object may not have to be loaded by a program in the kernel, with the reason.</summary>
internal static class LightRefusals
{
    private const string Usual = "Load the object in the usual way (BpfObjectFile.Load, a class without --light).";

    /// <summary>Looks through an object.</summary>
    /// <exception cref="BpfLightException">It has something that a loader program cannot do.</exception>
    public static void Check(BpfObjectFile file, LinkedProgram[] programs)
    {
        if (file.IsForeignEndian)
        {
            throw new BpfLightException(
                $"The object is for {(file.IsBigEndian ? "big" : "little")}-endian machines.", "A loader program is made on a machine of the byte order that it runs on.", $"Compile it with -target bpf{(file.IsBigEndian ? "el" : "eb")}, or make it there.");
        }

        foreach (BpfMapDefinition map in file.Maps)
        {
            if (map.AutoCreate) Check(map);
        }

        foreach (LinkedProgram program in programs) Check(file, program);
    }

    public static BpfLightException TooLarge(BpfObjectFile file) => new(
        $"The object has {file.Maps.Count} maps and {file.Programs.Count} programs, more than a loader program reaches.", "Its context is 32 KiB at most: 16 bytes a map, 4 for each map and program.", "Divide the object.");

    /// <summary>The loader of an object that takes nothing from its caller, which some maps need.</summary>
    public static void CheckBound(BpfObjectFile file)
    {
        foreach (BpfMapDefinition map in file.Maps)
        {
            if (map.Kind == BpfMapKind.KernelConfig && map.AutoCreate)
                throw new BpfLightException("The object asks for the kernel's configuration (__kconfig).", "A signed loader takes nothing that is not signed, and the configuration is known where it runs only.", "Find out in another way, such as bpf_core_field_exists(), or do not sign.");
            if (map.AutoCreate && (map is { Type: BpfMapType.PerfEventArray, MaxEntries: 0 } || map.InnerMap is { Type: BpfMapType.PerfEventArray, MaxEntries: 0 }))
                throw new BpfLightException($"The map '{map.Name}' does not say how many entries it has.", "One for each CPU is meant; a signed loader takes no number that is not signed.", "Give it max_entries, as many as the largest machine has CPUs.");
        }
    }

    private static void Check(BpfMapDefinition map)
    {
        if (map.Kind == BpfMapKind.StructOps)
            throw new BpfLightException($"The map '{map.Name}' fills in a structure of the kernel (struct_ops).", "Its members are laid out by the running kernel's types, which a loader program does not read.", Usual);
        if (map.Type == BpfMapType.Arena)
            throw new BpfLightException($"The map '{map.Name}' is an arena.", "Its variables are put in through memory that the loading process maps.", Usual);
        if (map.PinPath is not null)
            throw new BpfLightException($"The map '{map.Name}' is to be pinned.", "A loader program cannot pin, nor find what is pinned.", "Leave the pinning out of its definition and pin the loaded map (BpfMap.Pin), or load the object in the usual way.");
        if (map.ExclusiveProgram is not null)
            throw new BpfLightException($"The map '{map.Name}' is for one program only.", "The hash of that program is known when the kernel has relocated it, after its maps are made.", Usual);
    }

    private static void Check(BpfObjectFile file, LinkedProgram linked)
    {
        BpfProgramDefinition program = linked.Definition;
        SectionTraits traits = program.SectionDefinition?.Traits ?? SectionTraits.None;
        if (program.Type == BpfProgramType.Unspecified)
            throw new BpfLightException($"The section '{program.SectionName}' of program '{program.Name}' says nothing about its type.", null, "Use one of the known names, or set the type before.");
        if (program.Type == BpfProgramType.StructOps)
            throw new BpfLightException($"The program '{program.Name}' is a callback of a structure of the kernel (struct_ops).", "Which one is known by the running kernel's types, which a loader program does not read.", Usual);
        if (program.Type == BpfProgramType.Ext)
            throw new BpfLightException($"The program '{program.Name}' replaces a function of another program.", "Which one is known at the load only, and a loader program takes no programs.", Usual);
        if ((traits & SectionTraits.NeedsTarget) != 0 && string.IsNullOrEmpty(program.AttachTarget))
            throw new BpfLightException($"The section '{program.SectionName}' of program '{program.Name}' does not say what it attaches to.", null, $"Write '{program.SectionName}/NAME'.");
        bool isByTypes = (traits & SectionTraits.NeedsTarget) != 0 || program.SectionDefinition?.AttachKind == AttachKind.TrampolineMulti;
        if (isByTypes && program.AttachTarget?.IndexOf(':', StringComparison.Ordinal) is >= 0 and int colon && program.AttachTarget[..colon] != "vmlinux")
            throw new BpfLightException($"The program '{program.Name}' attaches to something of the module '{program.AttachTarget[..colon]}'.", "A loader program looks for a name in the kernel and then in all modules, and cannot ask for one of them.", $"Leave the module out: '{program.AttachTarget[(colon + 1)..]}'.");
        if (linked.References.Select(static reference => reference.Relocation.Extern).FirstOrDefault(static symbol => symbol is { IsWeak: false, IsFunction: true } && symbol.Name != symbol.EssentialName) is { } flavor)
            throw new BpfLightException($"The program '{program.Name}' calls a shape of a kernel function, '{flavor.Name}'.", "A loader program looks for a name, and cannot compare the types of what it finds.", $"Declare it by the name that the kernel has, '{flavor.EssentialName}', or load the object in the usual way.");
        if (linked.References.Any(static reference => reference.Relocation.Kind == CodeRelocationKind.InstructionArray))
            throw new BpfLightException($"The program '{program.Name}' jumps by a table.", "The table is a map of places in the code, which a loader program does not make.", "Compile it with -fno-jump-tables, or load the object in the usual way.");
        if (linked.FunctionInfo.Length == 0 && file is { Btf: { } btf, BtfExt: { } info } && DebugInfoLinker.LinkCoRe(linked, btf, info).Length > 0)
            throw new BpfLightException($"The program '{program.Name}' has CO-RE relocations, and a function without types.", "The kernel carries out relocations only where it is told the types of all functions.", "Compile all of it with -g.");
    }
}
