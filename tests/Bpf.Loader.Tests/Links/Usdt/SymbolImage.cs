using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;

namespace Bpf.Loader.Tests.Links.Usdt;

/// <summary>A program for x86-64 of nothing but a table of variables.</summary>
internal static class SymbolImage
{
    private const int HeaderSize = 64, SectionSize = 64, SymbolSize = 24;

    public static byte[] Of(params (string Name, ulong Address)[] symbols)
    {
        var names = new List<byte>([0]);
        byte[] table = new byte[SymbolSize * (symbols.Length + 1)];
        for (int i = 0; i < symbols.Length; i++)
        {
            Span<byte> record = table.AsSpan(SymbolSize * (i + 1));
            BinaryPrimitives.WriteInt32LittleEndian(record, names.Count);
            record[4] = 0x11; // global, a variable
            BinaryPrimitives.WriteUInt16LittleEndian(record[6..], 1);
            BinaryPrimitives.WriteUInt64LittleEndian(record[8..], symbols[i].Address);
            names.AddRange(Encoding.UTF8.GetBytes(symbols[i].Name + "\0"));
        }

        byte[] image = new byte[HeaderSize + (3 * SectionSize) + table.Length + names.Count];
        "\u007fELF"u8.CopyTo(image);
        (image[4], image[5], image[6]) = (2, 1, 1);
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(16), 3); // ET_DYN
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(18), 62); // EM_X86_64
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(20), 1);
        BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(40), HeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(52), HeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(58), SectionSize);
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(60), 3);
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(62), 2);
        int data = HeaderSize + (3 * SectionSize);
        Section(image, 1, type: 2, data, table.Length, link: 2, entry: SymbolSize); // SHT_SYMTAB
        Section(image, 2, type: 3, data + table.Length, names.Count, link: 0, entry: 0); // SHT_STRTAB
        table.CopyTo(image, data);
        names.CopyTo(image, data + table.Length);
        return image;
    }

    private static void Section(byte[] image, int index, uint type, int offset, int size, uint link, int entry)
    {
        Span<byte> header = image.AsSpan(HeaderSize + (index * SectionSize));
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], type);
        BinaryPrimitives.WriteInt64LittleEndian(header[24..], offset);
        BinaryPrimitives.WriteInt64LittleEndian(header[32..], size);
        BinaryPrimitives.WriteUInt32LittleEndian(header[40..], link);
        BinaryPrimitives.WriteInt64LittleEndian(header[56..], entry);
    }
}
