using System;
using System.Collections;
using System.Collections.Generic;
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
public sealed class BpfLpmTrie<TAddress, TValue> : IEnumerable<KeyValuePair<BpfPrefix<TAddress>, TValue>>
    where TAddress : unmanaged
    where TValue : unmanaged
{
    private readonly BpfMap<BpfPrefix<TAddress>, TValue> _entries;

    internal BpfLpmTrie(BpfMap map)
    {
        ViewCheck.Type(map, "a trie", BpfMapType.LpmTrie);
        if (map.KeySize != sizeof(uint) + Unsafe.SizeOf<TAddress>())
        {
            throw new ArgumentException(
                $"{MapRefusal.Describe(map)} has addresses of {map.KeySize - sizeof(uint)} bytes; {typeof(TAddress).Name} has {Unsafe.SizeOf<TAddress>()}.");
        }

        _entries = map.As<BpfPrefix<TAddress>, TValue>();
    }

    /// <summary>The map.</summary>
    public BpfMap Map => _entries.Map;

    /// <summary>How many entries there are.</summary>
    /// <remarks>
    /// The kernel keeps no count that it tells: each reading walks over the trie, by batches where the kernel has them, and counts what it
    /// meets while programs go on adding and removing.
    /// </remarks>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public int Count => WholeMap.Count(Map);

    private static int AddressBits => 8 * Unsafe.SizeOf<TAddress>();

    /// <summary>The value of the longest prefix that an address begins with.</summary>
    /// <param name="address">The address.</param>
    /// <param name="value">The value, or zeroes.</param>
    /// <returns><see langword="false"/> when no prefix fits.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool TryGet(in TAddress address, out TValue value) => _entries.TryGet(new BpfPrefix<TAddress>(AddressBits, address), out value);

    /// <summary>The value of the longest prefix that an address begins with.</summary>
    /// <param name="address">The address, of the length of <typeparamref name="TAddress"/>.</param>
    /// <param name="value">The value, or zeroes.</param>
    /// <returns><see langword="false"/> when no prefix fits.</returns>
    /// <exception cref="ArgumentException">The address is of the other family.</exception>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool TryGet(IPAddress address, out TValue value) => TryGet(Convert(address), out value);

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

    /// <summary>Adds the value of a prefix.</summary>
    /// <param name="prefixLength">How many bits of the address count.</param>
    /// <param name="address">The address; the bits behind the prefix do not matter.</param>
    /// <param name="value">The value.</param>
    /// <returns><see langword="false"/> when the prefix exists; it stays as it is.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An address has not so many bits.</exception>
    /// <exception cref="BpfException">The kernel refused: <see cref="Errno.ENOSPC"/> when the map is full.</exception>
    /// <remarks>Before Linux 6.13 the kernel did not look at the flags of <c>trie_update_elem()</c>, so the trie is asked before.</remarks>
    public bool TryAdd(int prefixLength, in TAddress address, in TValue value) =>
        !ContainsKey(prefixLength, in address) && _entries.TryAdd(Key(prefixLength, in address), in value);

    /// <inheritdoc cref="TryAdd(int, in TAddress, in TValue)"/>
    /// <param name="network">The network.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentException">The network is of the other family.</exception>
    public bool TryAdd(IPNetwork network, in TValue value) => TryAdd(network.PrefixLength, Convert(network.BaseAddress), in value);

    /// <summary>Replaces the value of a prefix.</summary>
    /// <param name="prefixLength">How many bits of the address count.</param>
    /// <param name="address">The address; the bits behind the prefix do not matter.</param>
    /// <param name="value">The value.</param>
    /// <returns><see langword="false"/> when there is no such prefix; nothing is added.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An address has not so many bits.</exception>
    /// <exception cref="BpfException">The kernel refused.</exception>
    /// <remarks>Before Linux 6.13 the kernel did not look at the flags of <c>trie_update_elem()</c>, so the trie is asked before.</remarks>
    public bool TryReplace(int prefixLength, in TAddress address, in TValue value) =>
        ContainsKey(prefixLength, in address) && _entries.TryReplace(Key(prefixLength, in address), in value);

    /// <inheritdoc cref="TryReplace(int, in TAddress, in TValue)"/>
    /// <param name="network">The network.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentException">The network is of the other family.</exception>
    public bool TryReplace(IPNetwork network, in TValue value) => TryReplace(network.PrefixLength, Convert(network.BaseAddress), in value);

    /// <summary>Whether there is exactly this prefix, not only a shorter one that fits.</summary>
    /// <param name="prefixLength">How many bits of the address count.</param>
    /// <param name="address">The address; the bits behind the prefix do not matter.</param>
    /// <exception cref="ArgumentOutOfRangeException">An address has not so many bits.</exception>
    /// <exception cref="BpfException">The kernel refused.</exception>
    /// <remarks>Two system calls; a trie that changes between them can give a wrong answer.</remarks>
    public bool ContainsKey(int prefixLength, in TAddress address)
    {
        BpfPrefix<TAddress> key = Key(prefixLength, in address);
        return WholeMap.ContainsExactly(Map, MemoryMarshal.AsBytes(new ReadOnlySpan<BpfPrefix<TAddress>>(in key)));
    }

    /// <inheritdoc cref="ContainsKey(int, in TAddress)"/>
    /// <param name="network">The network.</param>
    /// <exception cref="ArgumentException">The network is of the other family.</exception>
    public bool ContainsKey(IPNetwork network) => ContainsKey(network.PrefixLength, Convert(network.BaseAddress));

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

    /// <summary>Removes all entries.</summary>
    /// <remarks>
    /// The kernel has no batches for tries: two system calls for each entry. It is not one step: what programs add meanwhile may stay or go.
    /// </remarks>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public void Clear() => WholeMap.Clear(Map);

    /// <summary>Walks over the prefixes and their values, in the kernel's own order.</summary>
    public BpfMapEnumerator<BpfPrefix<TAddress>, TValue> GetEnumerator() => _entries.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator<KeyValuePair<BpfPrefix<TAddress>, TValue>> IEnumerable<KeyValuePair<BpfPrefix<TAddress>, TValue>>.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static BpfPrefix<TAddress> Key(int prefixLength, in TAddress address)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(prefixLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(prefixLength, AddressBits);
        return new BpfPrefix<TAddress>(prefixLength, address);
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
