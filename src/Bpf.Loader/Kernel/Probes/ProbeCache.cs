using System;
using System.Collections.Concurrent;

namespace Bpf.Loader.Kernel.Probes;

/// <summary>
/// What probes found out. What the process may not know is asked again, because rights may be gained, and what could not be answered; and what modules may bring is
/// asked again as long as it is missing.
/// </summary>
internal static class ProbeCache
{
    private static readonly ConcurrentDictionary<(string Kind, ulong Number), BpfSupport> ByNumber = new();
    private static readonly ConcurrentDictionary<(string Kind, string Name), bool> ByName = new();

    /// <summary>Something that stays as it is until the next boot.</summary>
    public static BpfSupport Lasting(string kind, ulong number, Func<FeatureSupport> ask)
    {
        if (ByNumber.TryGetValue((kind, number), out BpfSupport known)) return known;
        BpfSupport found = Of(ask());
        if (found is BpfSupport.Yes or BpfSupport.No) ByNumber[(kind, number)] = found;
        return found;
    }

    /// <summary>Something that may come with a module.</summary>
    public static BpfSupport Changing(string kind, string name, Func<FeatureSupport> ask)
    {
        if (ByName.ContainsKey((kind, name))) return BpfSupport.Yes;
        BpfSupport found = Of(ask());
        if (found == BpfSupport.Yes) ByName[(kind, name)] = true;
        return found;
    }

    /// <summary>The answer as users see it.</summary>
    public static BpfSupport Of(FeatureSupport support) => support switch
    {
        FeatureSupport.Supported => BpfSupport.Yes,
        FeatureSupport.Missing => BpfSupport.No,
        FeatureSupport.Denied => BpfSupport.NotPermitted,
        _ => BpfSupport.Unknown,
    };
}
