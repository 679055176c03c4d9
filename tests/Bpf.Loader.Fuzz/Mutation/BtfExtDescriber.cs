namespace Bpf.Loader.Fuzz.Mutation;

/// <summary>Describes <c>.BTF.ext</c>: functions, lines and CO-RE relocations, each by section.</summary>
internal static class BtfExtDescriber
{
    /// <summary>Describes a file of it alone.</summary>
    public static Layout Describe(byte[] image)
    {
        var layout = new Layout(image, isBigEndian: image is [0xeb, ..]);
        Describe(layout, new Part(0, image.Length));
        return layout;
    }

    /// <summary>Describes it within a file.</summary>
    public static void Describe(Layout layout, Part ext)
    {
        int at = ext.Offset, header = (int)layout.UInt32(at + 4);
        layout.AddPart(at, header);
        layout.Add(at, 2, FieldKind.Kind);
        layout.Add(at + 2, 1, FieldKind.Kind);
        layout.Add(at + 3, 1, FieldKind.Kind);
        layout.Add(at + 4, 4, FieldKind.Length);
        for (int table = 0; table < 3 && 8 + (table * 8) < header; table++)
        {
            int place = at + 8 + (table * 8);
            layout.Add(place, 4, FieldKind.Offset);
            layout.Add(place + 4, 4, FieldKind.Length);
            DescribeTable(layout, at + header + (int)layout.UInt32(place), (int)layout.UInt32(place + 4), table);
        }
    }

    private static void DescribeTable(Layout layout, int at, int length, int table)
    {
        layout.BeginGroup();
        int end = at + length, size = (int)layout.UInt32(at);
        layout.AddPart(at, length);
        layout.Add(at, 4, FieldKind.Length);
        at += 4;
        while (size >= 8 && at + 8 <= end && layout.Has(at, 8))
        {
            layout.Add(at, 4, FieldKind.Name);
            layout.Add(at + 4, 4, FieldKind.Count);
            int count = (int)layout.UInt32(at + 4);
            layout.AddPart(at, 8 + (count * size));
            at += 8;
            for (int i = 0; i < count && at + size <= end; i++, at += size)
            {
                layout.AddPart(at, size);
                layout.Add(at, 4, FieldKind.Offset);
                // Functions: the type. Lines: file, text, line and column. CO-RE: the type, the access, the kind.
                layout.Add(at + 4, 4, table == 1 ? FieldKind.Name : FieldKind.Type);
                if (size >= 12) layout.Add(at + 8, 4, FieldKind.Name);
                if (size >= 16) layout.Add(at + 12, 4, table == 1 ? FieldKind.Value : FieldKind.Kind);
            }
        }
    }
}
