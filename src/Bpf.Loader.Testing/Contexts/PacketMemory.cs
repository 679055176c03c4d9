using System;
using Bpf.Loader.Testing.Memory;

namespace Bpf.Loader.Testing.Contexts;

/// <summary>
/// The buffer of a packet, with room before and behind. Each change of its bounds makes a region of its own, so that pointers from
/// before fault, as the verifier has it.
/// </summary>
internal sealed class PacketMemory(MachineMemory memory, int headroom, int tailroom)
{
    private byte[] _buffer = [];
    private uint _region;

    /// <summary>Where the metadata begins, which is the packet's start when there is none.</summary>
    public int Meta { get; private set; }

    /// <summary>Where the packet begins.</summary>
    public int Start { get; private set; }

    /// <summary>Where it ends.</summary>
    public int End { get; private set; }

    /// <summary>Where it could end.</summary>
    public int Limit => _buffer.Length - tailroom;

    /// <summary>The bytes of the packet.</summary>
    public int Length => End - Start;

    /// <summary>The address of the first byte.</summary>
    public ulong Data => memory.AddressOf(_region) + (ulong)(Start - Meta);

    /// <summary>The address behind the last byte.</summary>
    public ulong DataEnd => Data + (ulong)Length;

    /// <summary>The address of the metadata.</summary>
    public ulong DataMeta => memory.AddressOf(_region);

    /// <summary>The packet.</summary>
    public Span<byte> Bytes => _buffer.AsSpan(Start, Length);

    /// <summary>All from the metadata on.</summary>
    public ReadOnlySpan<byte> Metadata => _buffer.AsSpan(Meta, Start - Meta);

    /// <summary>True when programs may write the packet.</summary>
    public bool IsWritable { get; set; } = true;

    /// <summary>Takes a packet.</summary>
    /// <param name="packet">The bytes.</param>
    /// <param name="room">How long it may become; the buffer is as large at least.</param>
    public void Load(ReadOnlySpan<byte> packet, int room = 0)
    {
        int size = headroom + Math.Max(packet.Length, room) + tailroom;
        if (_buffer.Length < size) _buffer = MachineMemory.Allocate(size);
        packet.CopyTo(_buffer.AsSpan(headroom));
        Move(headroom, headroom, headroom + packet.Length);
    }

    /// <summary>Changes the bounds.</summary>
    public void Move(int meta, int start, int end)
    {
        (Meta, Start, End) = (meta, start, end);
        if (_region != 0) memory.Free(_region);
        _region = memory.Add(RegionKind.Packet, _buffer, meta, end - meta, IsWritable, this);
    }

    /// <summary>Gives the region back; the bytes can still be read.</summary>
    public void Free()
    {
        memory.Free(_region);
        _region = 0;
    }

    /// <summary>Any bytes of the buffer.</summary>
    public Span<byte> Raw(int start, int length) => _buffer.AsSpan(start, length);

    /// <summary>Bytes of the packet by their offset; null when they are not there.</summary>
    public unsafe byte* Find(long offset, int size) =>
        offset >= 0 && offset + size <= Length ? memory.BaseOf(memory.AddressOf(_region)) + (Start - Meta) + offset : null;
}
