using System.Collections.Generic;
using System.Linq;
using System.Runtime.Versioning;

namespace Bpf.Loader.Loading;

/// <summary>Finds out which ring and perf buffers of an object no loaded program can write to, so that nothing will ever come out of them.</summary>
/// <remarks>
/// A program writes to a map by an instruction that refers to it, of its own or of a function that was linked into it, or to an inner
/// map by its outer one. Maps that others know, by a pin or because they were given, may be written to by programs of others.
/// </remarks>
[SupportedOSPlatform("linux")]
internal static class BufferWriters
{
    /// <summary>The buffers that nothing writes to.</summary>
    public static IEnumerable<BpfMap> FindUnwritten(LoadContext context)
    {
        // Whoever runs the programs may put any map of the right kind into an outer map.
        HashSet<BpfMapType> inner = [.. context.UsedMaps.Where(static map => map.InnerMap is not null).Select(static map => map.InnerMap!.Type)];
        return context.OwnMaps
            .Where(map => map.Type is BpfMapType.RingBuf or BpfMapType.PerfEventArray && !context.UsedMaps.Contains(map) && !inner.Contains(map.Type))
            .Where(context.Maps.ContainsKey)
            .Select(map => context.Maps[map]);
    }
}
