using System;
using System.Text;

namespace Bpf.Loader.Fuzz.Mutation;

/// <summary>Describes 64-bit ELF files: headers, sections, symbols, relocations, notes, code, and the BTF in them.</summary>
internal static class ElfDescriber
{
    private const int HeaderSize = 64;
    private const int SectionSize = 64;

    /// <summary>Describes a file.</summary>
    public static Layout Describe(byte[] image)
    {
        var layout = new Layout(image, isBigEndian: image.Length > 5 && image[5] == 2);
        if (image.Length < HeaderSize || image[4] != 2) return layout;
        layout.AddPart(0, HeaderSize);
        layout.Add(4, 1, FieldKind.Kind);
        layout.Add(5, 1, FieldKind.Kind);
        Add(layout, 16, (2, FieldKind.Kind), (2, FieldKind.Kind), (4, FieldKind.Kind), (8, FieldKind.Value), (8, FieldKind.Offset), (8, FieldKind.Offset),
            (4, FieldKind.Kind), (2, FieldKind.Length), (2, FieldKind.Length), (2, FieldKind.Count), (2, FieldKind.Length), (2, FieldKind.Count), (2, FieldKind.Index));

        layout.BeginGroup();
        int segments = (int)layout.Read(32, 8);
        for (int i = 0; i < (int)layout.Read(56, 2); i++)
        {
            int at = segments + (i * 56);
            layout.AddPart(at, 56);
            Add(layout, at, (4, FieldKind.Kind), (4, FieldKind.Kind), (8, FieldKind.Offset), (8, FieldKind.Value), (8, FieldKind.Value), (8, FieldKind.Length), (8, FieldKind.Length), (8, FieldKind.Value));
        }

        for (int i = 0; i < (int)layout.Read(56, 2); i++) DescribeSegment(layout, segments + (i * 56));
        layout.BeginGroup();
        for (int i = 0; i < SectionCount(layout); i++) DescribeHeader(layout, i);
        for (int i = 0; i < SectionCount(layout); i++) DescribeSection(layout, i);
        return layout;
    }

    /// <summary>The place of a section's data in the file; nothing when there is no such section.</summary>
    public static Part Find(Layout layout, string name)
    {
        int index = FindIndex(layout, name);
        return index < 0 ? default : DataOf(layout, index);
    }

    /// <summary>The number of a section by its name; -1 when there is none.</summary>
    public static int FindIndex(Layout layout, string name)
    {
        for (int i = 1; i < SectionCount(layout); i++)
        {
            if (NameOf(layout, i) == name) return i;
        }

        return -1;
    }

    /// <summary>Where the header of a section stands.</summary>
    public static int HeaderOf(Layout layout, int index) => (int)layout.Read(40, 8) + (index * SectionSize);

    private static int SectionCount(Layout layout) => (int)layout.Read(60, 2);

    private static Part DataOf(Layout layout, int index)
    {
        int at = HeaderOf(layout, index);
        ulong offset = layout.Read(at + 24, 8), size = layout.Read(at + 32, 8);
        return layout.UInt32(at + 4) == 8 || offset + size > (ulong)layout.Image.Length ? default : new Part((int)offset, (int)size);
    }

    private static string NameOf(Layout layout, int index)
    {
        Part names = DataOf(layout, (int)layout.Read(62, 2));
        int at = names.Offset + (int)layout.UInt32(HeaderOf(layout, index));
        if (!layout.Has(at, 1)) return "";
        ReadOnlySpan<byte> text = layout.Image.AsSpan(at);
        int end = text.IndexOf((byte)0);
        return end < 0 ? "" : Encoding.UTF8.GetString(text[..end]);
    }

    // Of what no section describes, the dynamic table is what binaries are read by.
    private static void DescribeSegment(Layout layout, int at)
    {
        if (layout.UInt32(at) != 2) return; // PT_DYNAMIC
        layout.BeginGroup();
        Each(layout, new Part((int)layout.Read(at + 8, 8), (int)layout.Read(at + 32, 8)), 16, (8, FieldKind.Kind), (8, FieldKind.Value));
    }

    private static void DescribeHeader(Layout layout, int index)
    {
        int at = HeaderOf(layout, index);
        layout.AddPart(at, SectionSize);
        Add(layout, at, (4, FieldKind.Name), (4, FieldKind.Kind), (8, FieldKind.Kind), (8, FieldKind.Value), (8, FieldKind.Offset), (8, FieldKind.Length),
            (4, FieldKind.Index), (4, FieldKind.Index), (8, FieldKind.Value), (8, FieldKind.Length));
    }

    private static void DescribeSection(Layout layout, int index)
    {
        int at = HeaderOf(layout, index);
        layout.BeginGroup();
        Part data = DataOf(layout, index);
        layout.AddPart(data.Offset, data.Length);
        uint type = layout.UInt32(at + 4);
        ulong flags = layout.Read(at + 8, 8);
        string name = NameOf(layout, index);
        switch (type)
        {
            case 2 or 11: // SHT_SYMTAB, SHT_DYNSYM
                Each(layout, data, 24, (4, FieldKind.Name), (1, FieldKind.Kind), (1, FieldKind.Kind), (2, FieldKind.Index), (8, FieldKind.Value), (8, FieldKind.Length));
                break;
            case 9: // SHT_REL
                Each(layout, data, 16, layout.IsBigEndian
                    ? [(8, FieldKind.Value), (4, FieldKind.Index), (4, FieldKind.Kind)]
                    : [(8, FieldKind.Value), (4, FieldKind.Kind), (4, FieldKind.Index)]);
                break;
            case 6: // SHT_DYNAMIC
                Each(layout, data, 16, (8, FieldKind.Kind), (8, FieldKind.Value));
                break;
            case 7: // SHT_NOTE
                Each(layout, data, 4, (4, FieldKind.Length));
                break;
            case 0x6fffffff: // SHT_GNU_VERSYM
                Each(layout, data, 2, (2, FieldKind.Index));
                break;
            case 5 or 0x6ffffff6 or 0x6ffffffd or 0x6ffffffe: // SHT_HASH, SHT_GNU_HASH, version definitions and needs
                Each(layout, data, 4, (4, FieldKind.Index));
                break;
            case 1 when name == ".BTF":
                BtfDescriber.Describe(layout, data);
                break;
            case 1 when name == ".BTF.ext":
                BtfExtDescriber.Describe(layout, data);
                break;
            case 1 when (flags & 4) != 0: // SHF_EXECINSTR
                Each(layout, data, 8, (1, FieldKind.Kind), (1, FieldKind.Kind), (2, FieldKind.Value), (4, FieldKind.Value));
                break;
            case 1:
                Each(layout, data, 4, (4, FieldKind.Value));
                break;
        }
    }

    private static void Each(Layout layout, Part data, int size, params ReadOnlySpan<(int Size, FieldKind Kind)> fields)
    {
        for (int at = data.Offset, i = 0; at + size <= data.Offset + data.Length; at += size, i++)
        {
            if (size > 4) layout.AddPart(at, size);
            Add(layout, at, fields);
        }
    }

    private static void Add(Layout layout, int at, params ReadOnlySpan<(int Size, FieldKind Kind)> fields)
    {
        foreach ((int size, FieldKind kind) in fields)
        {
            layout.Add(at, size, kind);
            at += size;
        }
    }
}
