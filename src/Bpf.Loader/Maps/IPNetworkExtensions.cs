using System.Net;
using System.Net.Sockets;

namespace Bpf.Loader.Maps;

/// <summary>Networks of IPv4 among those of IPv6, for tries that hold both: as <c>::ffff:192.0.2.0/120</c> (RFC 4291, 2.5.5.2).</summary>
public static class IPNetworkExtensions
{
    private const int MappedBits = 96;

    /// <summary>The network as IPv6 writes it; one of IPv6 as it is. The reverse is <see cref="MapToIPv4"/>.</summary>
    /// <param name="network">The network.</param>
    public static IPNetwork MapToIPv6(this IPNetwork network) => network.BaseAddress.AddressFamily == AddressFamily.InterNetwork
        ? new IPNetwork(network.BaseAddress.MapToIPv6(), MappedBits + network.PrefixLength)
        : network;

    /// <summary>The network of IPv4 that one of IPv6 stands for; one that stands for none, as it is.</summary>
    /// <param name="network">The network.</param>
    public static IPNetwork MapToIPv4(this IPNetwork network) => network.BaseAddress.IsIPv4MappedToIPv6 && network.PrefixLength >= MappedBits
        ? new IPNetwork(network.BaseAddress.MapToIPv4(), network.PrefixLength - MappedBits)
        : network;
}
