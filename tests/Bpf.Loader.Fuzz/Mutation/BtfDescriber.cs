using System;

namespace Bpf.Loader.Fuzz.Mutation;

/// <summary>Describes BTF: the header, and the types with their references (include/uapi/linux/btf.h).</summary>
internal static class BtfDescriber
{
    private const int TypeSize = 12;

    /// <summary>Describes a file of BTF alone.</summary>
    public static Layout Describe(byte[] image)
    {
        var layout = new Layout(image, isBigEndian: image is [0xeb, ..]);
        Describe(layout, new Part(0, image.Length));
        return layout;
    }

    /// <summary>Describes BTF within a file.</summary>
    public static void Describe(Layout layout, Part btf)
    {
        if (btf.Length < 24) return;
        int at = btf.Offset;
        layout.AddPart(at, 24);
        layout.Add(at, 2, FieldKind.Kind);
        layout.Add(at + 2, 1, FieldKind.Kind);
        layout.Add(at + 3, 1, FieldKind.Kind);
        layout.Add(at + 4, 4, FieldKind.Length);
        layout.Add(at + 8, 4, FieldKind.Offset);
        layout.Add(at + 12, 4, FieldKind.Length);
        layout.Add(at + 16, 4, FieldKind.Offset);
        layout.Add(at + 20, 4, FieldKind.Length);

        layout.BeginGroup();
        int header = (int)layout.UInt32(at + 4);
        int types = at + header + (int)layout.UInt32(at + 8), end = types + (int)layout.UInt32(at + 12);
        layout.AddPart(at + header + (int)layout.UInt32(at + 16), (int)layout.UInt32(at + 20));
        for (int id = 1, place = types; place + TypeSize <= end && layout.Has(place, TypeSize); id++)
        {
            int next = DescribeType(layout, place, id);
            layout.AddPart(place, next - place);
            place = next;
        }
    }

    private static int DescribeType(Layout layout, int at, int id)
    {
        uint info = layout.UInt32(at + 4);
        int kind = (int)(info >> 24) & 31, count = (int)(info & 0xffff);

        // The count of members lies in the lower half of the word, the kind in its uppermost byte.
        layout.Add(at, 4, FieldKind.Name);
        layout.Add(layout.IsBigEndian ? at + 6 : at + 4, 2, FieldKind.Count);
        layout.Add(layout.IsBigEndian ? at + 4 : at + 7, 1, FieldKind.Kind);
        layout.Add(at + 8, 4, kind is 2 or 8 or 9 or 10 or 11 or 12 or 13 or 14 or 17 or 18 ? FieldKind.Type : FieldKind.Length, id);
        at += TypeSize;
        switch (kind)
        {
            case 1 or 17: // INT, DECL_TAG
                layout.Add(at, 4, FieldKind.Value);
                return at + 4;
            case 3: // ARRAY
                layout.Add(at, 4, FieldKind.Type, id);
                layout.Add(at + 4, 4, FieldKind.Type, id);
                layout.Add(at + 8, 4, FieldKind.Count);
                return at + 12;
            case 4 or 5: // STRUCT, UNION
                return DescribeItems(layout, at, count, id, FieldKind.Name, FieldKind.Type, FieldKind.Value);
            case 6: // ENUM
                return DescribeItems(layout, at, count, id, FieldKind.Name, FieldKind.Value);
            case 13: // FUNC_PROTO
                return DescribeItems(layout, at, count, id, FieldKind.Name, FieldKind.Type);
            case 14: // VAR
                layout.Add(at, 4, FieldKind.Kind);
                return at + 4;
            case 15: // DATASEC
                return DescribeItems(layout, at, count, id, FieldKind.Type, FieldKind.Offset, FieldKind.Length);
            case 19: // ENUM64
                return DescribeItems(layout, at, count, id, FieldKind.Name, FieldKind.Value, FieldKind.Value);
            default:
                return at;
        }
    }

    private static int DescribeItems(Layout layout, int at, int count, int id, params ReadOnlySpan<FieldKind> kinds)
    {
        for (int i = 0; i < count; i++)
        {
            layout.AddPart(at, kinds.Length * 4);
            foreach (FieldKind kind in kinds)
            {
                layout.Add(at, 4, kind, id);
                at += 4;
            }
        }

        return at;
    }
}
