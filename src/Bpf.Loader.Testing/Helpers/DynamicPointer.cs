using System;
using System.Runtime.InteropServices;

namespace Bpf.Loader.Testing.Helpers;

/// <summary>What <c>struct bpf_dynptr</c> holds in the machine: an address, a size, and whether it may be written.</summary>
internal readonly struct DynamicPointer
{
    /// <summary>The size of <c>struct bpf_dynptr</c>.</summary>
    public const int Size = 16;

    private const uint ReadOnlyBit = 1u << 31;
    private const uint PacketBit = 1u << 30;

    private readonly ulong _address;
    private readonly uint _size;
    private readonly uint _offset;

    public DynamicPointer(ulong address, uint size, bool isReadOnly, bool isPacket = false, uint offset = 0)
    {
        _address = address;
        _size = size | (isReadOnly ? ReadOnlyBit : 0) | (isPacket ? PacketBit : 0);
        _offset = offset;
    }

    /// <summary>Where the data is; 0 for a null pointer.</summary>
    public ulong Address => _address;

    /// <summary>How many bytes.</summary>
    public uint Length => _size & ~(ReadOnlyBit | PacketBit);

    /// <summary>True when programs may not write it.</summary>
    public bool IsReadOnly => (_size & ReadOnlyBit) != 0;

    /// <summary>True when it is about the packet of the context.</summary>
    public bool IsPacket => (_size & PacketBit) != 0;

    /// <summary>Where in the packet it begins.</summary>
    public uint Offset => _offset;

    /// <summary>One that is about a part of it.</summary>
    public DynamicPointer Within(uint start, uint size) => new(IsPacket ? Address : Address + start, size, IsReadOnly, IsPacket, IsPacket ? Offset + start : Offset);

    public static DynamicPointer Read(ReadOnlySpan<byte> bytes) => MemoryMarshal.Read<DynamicPointer>(bytes);

    public void Write(Span<byte> bytes) => MemoryMarshal.Write(bytes, in this);
}
