using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Bpf.Samples;

/// <summary>Networks as people write them and as the list has them: as IPv6, with IPv4 under ::ffff:0:0/96.</summary>
internal static class Network
{
    private const int MappedBits = 96;

    /// <summary>An address, or a network such as 192.0.2.0/24.</summary>
    /// <exception cref="FormatException">It is neither.</exception>
    public static IPNetwork Parse(string text)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        var address = IPAddress.Parse(slash < 0 ? text : text[..slash]);
        bool isIPv4 = address.AddressFamily == AddressFamily.InterNetwork;
        int length = slash < 0 ? (isIPv4 ? 32 : 128) : int.Parse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture);
        return new IPNetwork(address.MapToIPv6(), isIPv4 ? length + MappedBits : length);
    }

    /// <summary>The reverse of <see cref="Parse"/>.</summary>
    public static string Format(UInt128 bytes, int length)
    {
        var address = new IPAddress(MemoryMarshal.AsBytes(new ReadOnlySpan<UInt128>(in bytes)));
        return address.IsIPv4MappedToIPv6 && length >= MappedBits ? $"{address.MapToIPv4()}/{length - MappedBits}" : $"{address}/{length}";
    }
}
