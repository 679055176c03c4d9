using System;
using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Bpf.Loader.Records;

/// <summary>IP addresses in the fields of structs, where they are in network order. Generated code calls it.</summary>
public static class BpfAddress
{
    private const int IPv6Size = 16;

    /// <summary>Reads an address.</summary>
    /// <typeparam name="T">The type of the field, of 4 bytes or 16.</typeparam>
    /// <param name="field">The field.</param>
    /// <exception cref="ArgumentException">It has neither 4 bytes nor 16.</exception>
    public static IPAddress Read<T>(ref readonly T field)
        where T : unmanaged => new(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in field)));

    /// <summary>An address as the value of a field. One of IPv4 is mapped where a field has room for IPv6, and taken back where it has not.</summary>
    /// <typeparam name="T">The type of the field, of 4 bytes or 16.</typeparam>
    /// <param name="address">The address.</param>
    /// <exception cref="ArgumentException">An address of IPv6 does not fit into a field for IPv4.</exception>
    public static T Of<T>(IPAddress address)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(address);
        if (Unsafe.SizeOf<T>() == IPv6Size) address = address.MapToIPv6();
        else if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        T field = default;
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<T>(ref field));
        if (!address.TryWriteBytes(bytes, out int length) || length != bytes.Length) throw new ArgumentException($"{address} is no address of {bytes.Length} bytes.", nameof(address));
        return field;
    }
}
