using System.Collections.Generic;
using System.Linq;
using System.Runtime.Versioning;
using Bpf.Loader;
using Bpf.Loader.Maps;

namespace Bpf.Tool.Maps;

/// <summary>Opens the map or program that <c>id N</c>, <c>name X</c> or <c>pinned PATH</c> means.</summary>
[SupportedOSPlatform("linux")]
internal static class MapReference
{
    /// <summary>Opens the only map that is meant.</summary>
    /// <exception cref="UsageException">The words mean no map, or several.</exception>
    /// <exception cref="BpfException">There is no such map.</exception>
    public static BpfMap Open(MapWords words, BpfMapAccess access = BpfMapAccess.ReadWrite)
    {
        IReadOnlyList<BpfMap> maps = OpenAll(words, access);
        if (maps.Count == 1)
            return maps[0];
        foreach (BpfMap map in maps)
            map.Dispose();
        throw new UsageException($"map {words.Command}: several maps have that name; say which by its id: {string.Join(", ", maps.Select(map => map.Id))}.");
    }

    /// <summary>Opens the maps that are meant: one, or all of a name.</summary>
    /// <inheritdoc cref="Open"/>
    public static IReadOnlyList<BpfMap> OpenAll(MapWords words, BpfMapAccess access = BpfMapAccess.ReadWrite)
    {
        if (words.TryTake("id"))
            return [BpfMap.OpenById(words.TakeNumber("id"), access)];
        if (words.TryTake("pinned"))
            return [BpfMap.OpenPinned(words.Take("the path"), access)];
        if (!words.TryTake("name"))
            throw new UsageException($"map {words.Command}: say which map, by 'id N', 'name NAME' or 'pinned PATH'.");
        string name = words.Take("the name");
        IReadOnlyList<BpfMap> maps = BpfMap.OpenByName(name);
        return maps.Count > 0 ? maps : throw new BpfException(BpfCommand.MapGetFdById, Errno.ENOENT, $"map '{name}'", "There is no map of that name.");
    }

    /// <summary>Opens the program that is meant, for a program array.</summary>
    /// <exception cref="UsageException">The words mean no program.</exception>
    /// <exception cref="BpfException">There is no such program.</exception>
    public static BpfProgram OpenProgram(MapWords words)
    {
        if (words.TryTake("id"))
            return BpfProgram.OpenById(words.TakeNumber("id"));
        if (words.TryTake("pinned"))
            return BpfProgram.OpenPinned(words.Take("the path"));
        throw new UsageException($"map {words.Command}: say which program, by 'id N' or 'pinned PATH'.");
    }
}
