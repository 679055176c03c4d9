using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.Versioning;
using Bpf.Loader;
using Bpf.Loader.Btf;
using Bpf.Loader.Maps;
using Bpf.Tool.Commands.Programs;

namespace Bpf.Tool.Commands;

/// <summary>The types that words tell, as bpftool's users write them: <c>file FILE</c>, <c>prog id 7</c>, <c>map name counts value</c>.</summary>
/// <param name="Types">The types.</param>
/// <param name="Roots">Those that are meant; none for all of them.</param>
internal sealed record BtfSource(BtfReader Types, IReadOnlyList<uint> Roots)
{
    /// <summary>What the words are, for help.</summary>
    public const string Grammar = "[ file ] FILE | id ID | name { vmlinux | MODULE } | prog PROG | map MAP [ key | value | kv | all ]";

    /// <summary>Reads the words, and the types.</summary>
    /// <param name="words">The words; those behind are left.</param>
    /// <param name="baseFile">The types that those of a file go on from; null for none, and for those of the kernel.</param>
    /// <exception cref="UsageException">The words make no sense.</exception>
    /// <exception cref="BpfLoaderException">There are no such types.</exception>
    public static BtfSource Take(Words words, string? baseFile)
    {
        string kind = words.Take(Grammar);
        if (kind == "file") kind = words.Take("a file");
        else if (kind is "id" or "name" or "prog" or "map") return OperatingSystem.IsLinux() ? OfKernel(kind, words) : throw new UsageException("Only Linux holds types by id and name; give a file.");
        bool isModule = baseFile is null && OperatingSystem.IsLinux() && Path.GetDirectoryName(Path.GetFullPath(kind)) == "/sys/kernel/btf";
        return new BtfSource(isModule && OperatingSystem.IsLinux() ? BpfBtf.OpenModule(Path.GetFileName(kind)) : BtfFile.Read(kind, baseFile is null ? null : BtfFile.Read(baseFile)), []);
    }

    [SupportedOSPlatform("linux")]
    private static BtfSource OfKernel(string kind, Words words)
    {
        switch (kind)
        {
            case "id":
                return new BtfSource(BpfBtf.Open(words.TakeNumber("an id")), []);
            case "name":
                return new BtfSource(BpfBtf.OpenModule(words.Take("vmlinux, or a module")), []);
            case "prog":
                using (BpfProgram program = ProgramSelector.TakeOne(words))
                    return new BtfSource(Open(program.GetInfo().BtfId, $"program '{program.Name}'"), []);
            default:
                using (BpfMap map = MapSelector.TakeOne(words, BpfMapAccess.ReadOnly))
                {
                    BpfMapInfo info = map.GetInfo();
                    return new BtfSource(Open(info.BtfId, $"map '{map.Name}'"), RootsOf(info, words));
                }
        }
    }

    [SupportedOSPlatform("linux")]
    private static BtfReader Open(uint id, string of) => id != 0 ? BpfBtf.Open(id) : throw new BpfFormatException($"The {of} was loaded without types.");

    private static IReadOnlyList<uint> RootsOf(BpfMapInfo map, Words words)
    {
        if (words.TryTake("all")) return [];
        if (words.TryTake("key")) return [map.BtfKeyTypeId];
        if (words.TryTake("value")) return [map.BtfValueTypeId];
        _ = words.TryTake("kv");
        return [map.BtfKeyTypeId, map.BtfValueTypeId];
    }
}
