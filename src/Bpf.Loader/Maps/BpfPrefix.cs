using System;
using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Bpf.Loader.Maps;

/// <summary>The key of a longest-prefix-match trie: <c>struct bpf_lpm_trie_key_u8</c>, the number of bits that count, and the bits.</summary>
/// <typeparam name="TAddress">The C type of the address, in C#, first byte first.</typeparam>
/// <param name="prefixLength">How many bits of the address count.</param>
/// <param name="address">The address.</param>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly struct BpfPrefix<TAddress>(int prefixLength, TAddress address) : IEquatable<BpfPrefix<TAddress>>
    where TAddress : unmanaged
{
    private readonly uint _length = (uint)prefixLength;

    /// <summary>The address; the kernel keeps the bits behind the prefix as they were given.</summary>
    public TAddress Address { get; } = address;

    /// <summary>How many bits of the address count.</summary>
    public int PrefixLength => (int)_length;

    /// <summary>Compares two prefixes, the bits behind the prefix included.</summary>
    public static bool operator ==(BpfPrefix<TAddress> left, BpfPrefix<TAddress> right) => left.Equals(right);

    /// <summary>Compares two prefixes, the bits behind the prefix included.</summary>
    public static bool operator !=(BpfPrefix<TAddress> left, BpfPrefix<TAddress> right) => !left.Equals(right);

    /// <summary>The prefix as a network, its bits behind the prefix cleared.</summary>
    /// <exception cref="InvalidOperationException"><typeparamref name="TAddress"/> has neither the 4 bytes of IPv4 nor the 16 of IPv6.</exception>
    public IPNetwork ToNetwork()
    {
        TAddress address = Address;
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<TAddress>(ref address));
        if (bytes.Length is not (4 or 16))
            throw new InvalidOperationException($"{typeof(TAddress).Name} has {bytes.Length} bytes: neither an IPv4 nor an IPv6 address.");
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] &= (byte)(0xff00 >> Math.Clamp(PrefixLength - (8 * i), 0, 8));
        return new IPNetwork(new IPAddress(bytes), PrefixLength);
    }

    /// <summary>Takes the prefix apart.</summary>
    /// <param name="prefixLength">How many bits of the address count.</param>
    /// <param name="address">The address.</param>
    public void Deconstruct(out int prefixLength, out TAddress address) => (prefixLength, address) = (PrefixLength, Address);

    /// <inheritdoc/>
    public bool Equals(BpfPrefix<TAddress> other)
    {
        BpfPrefix<TAddress> self = this;
        return MemoryMarshal.AsBytes(new ReadOnlySpan<BpfPrefix<TAddress>>(in self)).SequenceEqual(
            MemoryMarshal.AsBytes(new ReadOnlySpan<BpfPrefix<TAddress>>(in other)));
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is BpfPrefix<TAddress> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_length, Address);

    /// <summary>The network, such as <c>10.0.0.0/8</c>; of an address of another length, that and the number of bits.</summary>
    public override string ToString() => Unsafe.SizeOf<TAddress>() is 4 or 16 && PrefixLength <= 8 * Unsafe.SizeOf<TAddress>() ? ToNetwork().ToString() : $"{Address}/{PrefixLength}";
}
