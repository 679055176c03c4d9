using System;
using System.Buffers.Binary;

namespace Bpf.Loader.Tests.Links.Binaries;

/// <summary>Writes a program of one function, <c>f</c>, in either class and byte order.</summary>
internal sealed class SmallBinary(bool is64Bit, bool isBigEndian)
{
    public const ulong FunctionAddress = 0x8048120, FunctionOffset = 0x120;

    private const ulong SegmentAddress = 0x8048000;

    private readonly byte[] _bytes = new byte[0x600];
    private int _at;

    public byte[] ToArray()
    {
        int segment = is64Bit ? 56 : 32, section = is64Bit ? 64 : 40, symbol = is64Bit ? 24 : 16, header = is64Bit ? 64 : 52;
        _at = 0;
        new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', (byte)(is64Bit ? 2 : 1), (byte)(isBigEndian ? 2 : 1), 1 }.CopyTo(_bytes, 0);
        _at = 16;
        Half(2); // ET_EXEC
        Half(is64Bit ? 62 : 3);
        Long(1);
        Words(FunctionAddress, (ulong)header, 0x300);
        Long(0);
        foreach (int value in (int[])[header, segment, 1, section, 3, 2]) Half(value);

        _at = header;
        Long(1); // PT_LOAD
        if (is64Bit) Long(5);
        Words(0, SegmentAddress, SegmentAddress, 0x200, 0x200);
        if (!is64Bit) Long(5);

        _at = 0x200 + symbol; // behind the null symbol
        Long(1);
        if (is64Bit) Info();
        Words(FunctionAddress, 16);
        if (!is64Bit) Info();
        "\0f\0"u8.CopyTo(_bytes.AsSpan(0x280));

        Section(1, section, type: 2, offset: 0x200, size: 2 * symbol, link: 2, entry: symbol);
        Section(2, section, type: 3, offset: 0x280, size: 3, link: 0, entry: 0);
        return _bytes;
    }

    private void Info()
    {
        _bytes[_at++] = 0x12; // STB_GLOBAL, STT_FUNC
        _at++;
        Half(1);
    }

    private void Section(int index, int headerSize, int type, int offset, int size, int link, int entry)
    {
        _at = 0x300 + (index * headerSize);
        Long(0);
        Long(type);
        Words(0, 0, (ulong)offset, (ulong)size);
        Long(link);
        Long(0);
        Words(1, (ulong)entry);
    }

    private void Half(int value)
    {
        if (isBigEndian) BinaryPrimitives.WriteUInt16BigEndian(_bytes.AsSpan(_at), (ushort)value);
        else BinaryPrimitives.WriteUInt16LittleEndian(_bytes.AsSpan(_at), (ushort)value);
        _at += 2;
    }

    private void Long(int value)
    {
        if (isBigEndian) BinaryPrimitives.WriteInt32BigEndian(_bytes.AsSpan(_at), value);
        else BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(_at), value);
        _at += 4;
    }

    private void Words(params ReadOnlySpan<ulong> values)
    {
        foreach (ulong value in values)
        {
            if (is64Bit && isBigEndian) BinaryPrimitives.WriteUInt64BigEndian(_bytes.AsSpan(_at), value);
            else if (is64Bit) BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan(_at), value);
            else Long((int)value);
            if (is64Bit) _at += 8;
        }
    }
}
