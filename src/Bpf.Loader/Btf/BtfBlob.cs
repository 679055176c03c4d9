using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Bpf.Loader.Btf;

/// <summary>Puts the parts of a BTF together.</summary>
internal static class BtfBlob
{
    private const int HeaderLength = 24;
    private const int HeaderLengthWithLayout = 32;

    /// <summary>Header, types, layout (which may be empty) and strings.</summary>
    /// <param name="types">The records, in the byte order of this machine.</param>
    /// <param name="layout">The layout section, in the byte order of this machine.</param>
    /// <param name="strings">The strings.</param>
    /// <param name="isBigEndian">The byte order to write.</param>
    public static byte[] Write(ReadOnlySpan<byte> types, ReadOnlySpan<byte> layout, ReadOnlySpan<byte> strings, bool isBigEndian)
    {
        int header = layout.IsEmpty ? HeaderLength : HeaderLengthWithLayout;
        byte[] raw = new byte[checked(header + types.Length + layout.Length + strings.Length)];
        Span<uint> words = stackalloc uint[HeaderLengthWithLayout / 4];
        words[1] = (uint)header;
        words[3] = (uint)types.Length;
        words[4] = (uint)(types.Length + layout.Length);
        words[5] = (uint)strings.Length;
        if (!layout.IsEmpty)
        {
            words[6] = (uint)types.Length;
            words[7] = (uint)layout.Length;
        }

        MemoryMarshal.AsBytes(words[..(header / 4)]).CopyTo(raw);
        types.CopyTo(raw.AsSpan(header));
        layout.CopyTo(raw.AsSpan(header + types.Length));
        strings.CopyTo(raw.AsSpan(header + types.Length + layout.Length));
        if (isBigEndian == BitConverter.IsLittleEndian)
        {
            // Every field of every known kind is a 32-bit word; of the layout, only the flags have more than a byte.
            Span<uint> swapped = MemoryMarshal.Cast<byte, uint>(raw.AsSpan(0, header + types.Length));
            BinaryPrimitives.ReverseEndianness(swapped, swapped);
            for (int at = header + types.Length; at < header + types.Length + layout.Length; at += 4) raw.AsSpan(at + 2, 2).Reverse();
        }

        if (isBigEndian) BinaryPrimitives.WriteUInt16BigEndian(raw, BtfReader.Magic);
        else BinaryPrimitives.WriteUInt16LittleEndian(raw, BtfReader.Magic);
        raw[2] = 1;
        return raw;
    }
}
