using System.Runtime.Versioning;
using Bpf.Loader;

namespace Bpf.Tool.Commands;

/// <summary>Finds a map of the system by the words <c>id ID</c> or <c>pinned PATH</c>.</summary>
[SupportedOSPlatform("linux")]
internal static class MapSelector
{
    public static BpfMap TakeOne(Words words)
    {
        string kind = words.Take("a map: id ID or pinned PATH");
        return kind switch
        {
            "id" => BpfMap.OpenById(words.TakeNumber("an id")),
            "pinned" => BpfMap.OpenPinned(words.Take("a path")),
            _ => throw new UsageException($"'{kind}' is not understood there; write id ID or pinned PATH of a map."),
        };
    }
}
