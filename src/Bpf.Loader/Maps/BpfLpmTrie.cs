using System;
using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Bpf.Loader.Maps;

/// <summary>A typed view of a longest-prefix-match trie, such as a table of routes (Linux 4.11).</summary>
/// <typeparam name="TAddress">The C type of the address, in C#, first byte first: 4 bytes for IPv4, 16 for IPv6.</typeparam>
/// <typeparam name="TValue">The C type of the values, in C#.</typeparam>
/// <remarks>Operations on addresses do not allocate. Safe to use from several threads.</remarks>
[SupportedOSPlatform("linux")]
public sealed class BpfLpmTrie<TAddress, TValue>
    where TAddress : unmanaged
    where TValue : unmanaged
{
    private readonly BpfMap<LpmKey<TAddress>, TValue> _entries;

    internal BpfLpmTrie(BpfMap map)
    {
        ViewCheck.Type(map, "a trie", BpfMapType.LpmTrie);
        if (map.KeySize != sizeof(uint) + Unsafe.SizeOf<TAddress>())
        {
            throw new ArgumentException(
                $"{MapRefusal.Describe(map)} has addresses of {map.KeySize - sizeof(uint)} bytes; {typeof(TAddress).Name} has {Unsafe.SizeOf<TAddress>()}.");
        }

        _entries = map.As<LpmKey<TAddress>, TValue>();
    }

    /// <summary>The map.</summary>
    public BpfMap Map => _entries.Map;

    private static int AddressBits => 8 * Unsafe.SizeOf<TAddress>();

    /// <summary>The value of the longest prefix that an address begins with.</summary>
    /// <param name="address">The address.</param>
    /// <param name="value">The value, or zeroes.</param>
    /// <returns><see langword="false"/> when no prefix fits.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool TryMatch(in TAddress address, out TValue value) => _entries.TryGet(new LpmKey<TAddress>(AddressBits, address), out value);

    /// <summary>The value of the longest prefix that an address begins with.</summary>
    /// <param name="address">The address, of the length of <typeparamref name="TAddress"/>.</param>
    /// <param name="value">The value, or zeroes.</param>
    /// <returns><see langword="false"/> when no prefix fits.</returns>
    /// <exception cref="ArgumentException">The address is of the other family.</exception>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool TryMatch(IPAddress address, out TValue value) => TryMatch(Convert(address), out value);

    /// <summary>Adds or replaces the value of a prefix.</summary>
    /// <param name="prefixLength">How many bits of the address count.</param>
    /// <param name="address">The address; the bits behind the prefix do not matter.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentOutOfRangeException">An address has not so many bits.</exception>
    /// <exception cref="BpfException">The kernel refused: <see cref="Errno.ENOSPC"/> when the map is full.</exception>
    public void Set(int prefixLength, in TAddress address, in TValue value) => _entries.Set(Key(prefixLength, in address), in value);

    /// <summary>Adds or replaces the value of a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentException">The network is of the other family.</exception>
    /// <exception cref="BpfException">The kernel refused: <see cref="Errno.ENOSPC"/> when the map is full.</exception>
    public void Set(IPNetwork network, in TValue value) => Set(network.PrefixLength, Convert(network.BaseAddress), in value);

    /// <summary>Removes a prefix; longer and shorter ones stay.</summary>
    /// <param name="prefixLength">How many bits of the address count.</param>
    /// <param name="address">The address.</param>
    /// <returns><see langword="false"/> when there was no such prefix.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An address has not so many bits.</exception>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool Remove(int prefixLength, in TAddress address) => _entries.Remove(Key(prefixLength, in address));

    /// <summary>Removes a network; larger and smaller ones stay.</summary>
    /// <param name="network">The network.</param>
    /// <returns><see langword="false"/> when there was no such network.</returns>
    /// <exception cref="ArgumentException">The network is of the other family.</exception>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool Remove(IPNetwork network) => Remove(network.PrefixLength, Convert(network.BaseAddress));

    /// <summary>Walks over the prefixes, in the kernel's own order.</summary>
    public BpfLpmEnumerator<TAddress, TValue> GetEnumerator() => new(_entries.GetEnumerator());

    private static LpmKey<TAddress> Key(int prefixLength, in TAddress address)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(prefixLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(prefixLength, AddressBits);
        return new LpmKey<TAddress>(prefixLength, address);
    }

    private static TAddress Convert(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        TAddress result = default;
        Span<byte> bytes = stackalloc byte[16];
        if (!address.TryWriteBytes(bytes, out int length) || length != Unsafe.SizeOf<TAddress>())
            throw new ArgumentException($"{address} is not an address of {Unsafe.SizeOf<TAddress>()} bytes.", nameof(address));
        bytes[..length].CopyTo(MemoryMarshal.AsBytes(new Span<TAddress>(ref result)));
        return result;
    }
}
