using System.Collections.Generic;
using System.Linq;
using System.Runtime.Versioning;
using Bpf.Loader;
using Bpf.Loader.Maps;

namespace Bpf.Tool.Commands;

/// <summary>Finds maps of the system by the words <c>id ID</c>, <c>name NAME</c> or <c>pinned PATH</c>.</summary>
[SupportedOSPlatform("linux")]
internal static class MapSelector
{
    /// <summary>What the words are, for help.</summary>
    public const string Grammar = "{ id ID | name NAME | pinned PATH }";

    /// <summary>The one map that the words name.</summary>
    /// <exception cref="UsageException">The words make no sense, or several maps fit them.</exception>
    /// <exception cref="BpfException">There is none.</exception>
    public static BpfMap TakeOne(Words words, BpfMapAccess access = BpfMapAccess.ReadWrite)
    {
        IReadOnlyList<BpfMap> found = Take(words, access);
        if (found.Count == 1) return found[0];
        foreach (BpfMap map in found) map.Dispose();
        throw new UsageException($"{found.Count} maps have that name; give the id of the one that is meant: {string.Join(", ", found.Select(map => map.Id))}.");
    }

    /// <summary>The maps that the words name, to be disposed: one, or all of a name.</summary>
    /// <exception cref="UsageException">The words make no sense.</exception>
    /// <exception cref="BpfException">There is none.</exception>
    public static IReadOnlyList<BpfMap> Take(Words words, BpfMapAccess access = BpfMapAccess.ReadWrite)
    {
        string kind = words.Take(Grammar);
        switch (kind)
        {
            case "id":
                return [BpfMap.OpenById(words.TakeNumber("an id"), access)];
            case "pinned":
                return [BpfMap.OpenPinned(words.Take("a path"), access)];
            case "name":
                string name = words.Take("a name");
                IReadOnlyList<BpfMap> maps = BpfMap.OpenByName(name);
                return maps.Count > 0
                    ? maps
                    : throw new BpfException(BpfCommand.MapGetFdById, Errno.ENOENT, $"map '{name}'", $"There is no map of that name. {(BpfMap.FindCloseName(name) is string close ? $"Did you mean '{close}'? " : "")}'bpf map' lists them.");
            default:
                throw new UsageException($"'{kind}' is not understood there; write {Grammar}.");
        }
    }
}
