using System.Collections.Generic;
using Bpf.Loader.Links.Binaries;

namespace Bpf.Loader.Links.Usdt;

/// <summary>All USDT probes of a binary, by provider and name.</summary>
internal static class UsdtProbeList
{
    public static IReadOnlyList<BpfUsdtProbe> Read(BinaryImage binary)
    {
        var places = new SortedDictionary<(string Provider, string Name), List<BpfUsdtPlace>>(Comparer<(string Provider, string Name)>.Create(
            (left, right) => string.CompareOrdinal(left.Provider, right.Provider) is int order and not 0 ? order : string.CompareOrdinal(left.Name, right.Name)));
        foreach ((string provider, string name, UsdtSite site) in UsdtSite.All(binary))
        {
            if (!places.TryGetValue((provider, name), out List<BpfUsdtPlace>? known)) places.Add((provider, name), known = []);
            known.Add(new BpfUsdtPlace(site.Offset, site.Address, site.SemaphoreOffset, site.Arguments));
        }

        var probes = new List<BpfUsdtProbe>(places.Count);
        foreach (((string provider, string name), List<BpfUsdtPlace> found) in places) probes.Add(new BpfUsdtProbe(provider, name, found));
        return probes;
    }
}
