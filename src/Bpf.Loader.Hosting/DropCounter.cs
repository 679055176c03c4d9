using System;
using System.Runtime.Versioning;

namespace Bpf.Loader.Hosting;

/// <summary>Reads how many events found a ring buffer full, as the program counts them.</summary>
/// <param name="Map">The name of the ring buffer.</param>
/// <param name="Read">Reads the count.</param>
[SupportedOSPlatform("linux")]
internal sealed record DropCounter(Func<BpfObject, string> Map, Func<BpfObject, long> Read)
{
    /// <summary>A counter that is a global variable, by its name.</summary>
    public static DropCounter OfVariable(string map, string variable) => new(_ => map, loaded =>
    {
        BpfVariable count = loaded.Globals[variable];
        return count.Size == sizeof(uint) ? count.Get<uint>() : count.Get<long>();
    });
}
