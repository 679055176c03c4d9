using System;
using System.Runtime.InteropServices;
using System.Text;

namespace Bpf.Loader.Interop;

/// <summary>A request to the kernel over netlink, built piece by piece. Numbers are in the machine's byte order.</summary>
internal sealed class NetlinkMessage
{
    /// <summary><c>struct nlmsghdr</c>: length, type, flags, sequence, port.</summary>
    public const int HeaderSize = 16;

    private const ushort NestedFlag = 0x8000;

    private byte[] _bytes = new byte[256];
    private int _length = HeaderSize;

    public NetlinkMessage(ushort type, NetlinkFlags flags)
    {
        Write(4, type);
        Write(6, (ushort)flags);
    }

    /// <summary>Adds the structure that the family of messages begins with.</summary>
    public NetlinkMessage Header<T>(in T header)
        where T : unmanaged
    {
        Append(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in header)));
        return this;
    }

    /// <summary>Adds what is no attribute.</summary>
    public NetlinkMessage Raw(ReadOnlySpan<byte> content)
    {
        Append(content);
        return this;
    }

    public NetlinkMessage Attribute(ushort type, ReadOnlySpan<byte> value)
    {
        int start = Begin(type);
        Append(value);
        End(start);
        return this;
    }

    public NetlinkMessage Attribute(ushort type, uint value) => Attribute(type, MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in value)));

    /// <summary>Adds a text, with the zero that netlink wants.</summary>
    public NetlinkMessage Attribute(ushort type, string value) => Attribute(type, Encoding.UTF8.GetBytes(value + '\0'));

    /// <summary>Adds an attribute that holds others.</summary>
    public NetlinkMessage Nested(ushort type, Action<NetlinkMessage> content)
    {
        int start = Begin((ushort)(type | NestedFlag));
        content(this);
        End(start);
        return this;
    }

    /// <summary>The bytes to send.</summary>
    public ReadOnlySpan<byte> Finish(uint sequence)
    {
        Write(0, (uint)_length);
        Write(8, sequence);
        return _bytes.AsSpan(0, _length);
    }

    private int Begin(ushort type)
    {
        int start = _length;
        Append([0, 0, 0, 0]);
        Write(start + 2, type);
        return start;
    }

    // The length of an attribute does not count the padding that follows it.
    private void End(int start)
    {
        Write(start, (ushort)(_length - start));
        Append([0, 0, 0], (4 - (_length & 3)) & 3);
    }

    private void Append(ReadOnlySpan<byte> bytes, int count) => Append(bytes[..count]);

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_length + bytes.Length > _bytes.Length) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + bytes.Length));
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    private void Write<T>(int offset, T value)
        where T : unmanaged => MemoryMarshal.Write(_bytes.AsSpan(offset), in value);
}
