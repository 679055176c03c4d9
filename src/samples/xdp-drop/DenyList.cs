using System.Net;

namespace Bpf.Samples;

/// <summary>The pinned list of an xdp-drop that is running. The kernel finds the longest prefix that fits an address.</summary>
internal sealed class DenyList : IDisposable
{
    private readonly BpfMap _map;

    // An address is 16 bytes, first byte first, whatever number they are.
    private readonly BpfLpmTrie<UInt128, ulong> _drops;

    private DenyList(BpfMap map) => (_map, _drops) = (map, map.AsLpmTrie<UInt128, ulong>());

    /// <summary>Opens it.</summary>
    /// <exception cref="BpfException">Nothing is pinned there.</exception>
    public static DenyList Open(string pins) => new(BpfMap.OpenPinned(Path.Combine(pins, "denied")));

    public void Deny(IPNetwork network) => _drops.Set(network, 0);

    /// <summary>False when that network, as it is written, was not denied.</summary>
    public bool Allow(IPNetwork network) => _drops.Remove(network);

    public IEnumerable<(string Network, ulong Drops)> Read()
    {
        foreach (((int prefixLength, UInt128 address), ulong drops) in _drops)
            yield return (Samples.Network.Format(address, prefixLength), drops);
    }

    public void Dispose() => _map.Dispose();
}
