using System.Text.Json;

namespace Bpf.Loader.Btf;

/// <summary>What a type says of itself, as members of a JSON object with the names that <c>bpftool -j btf dump</c> gives them.</summary>
internal static class BtfRawJson
{
    public static void WriteMembers(Utf8JsonWriter writer, BtfType type)
    {
        switch (type.Kind)
        {
            case BtfKind.Int:
                writer.WriteNumber("size"u8, type.Size);
                writer.WriteNumber("bits_offset"u8, type.IntBitOffset);
                writer.WriteNumber("nr_bits"u8, type.IntBits);
                writer.WriteString("encoding"u8, BtfRawPrinter.Encoding(type));
                break;
            case BtfKind.Array:
                writer.WriteNumber("type_id"u8, type.Array.ElementTypeId.Value);
                writer.WriteNumber("index_type_id"u8, type.Array.IndexTypeId.Value);
                writer.WriteNumber("nr_elems"u8, type.Array.Count);
                break;
            case BtfKind.Struct or BtfKind.Union:
                WriteMemberList(writer, type);
                break;
            case BtfKind.Enum or BtfKind.Enum64:
                WriteValues(writer, type);
                break;
            case BtfKind.Forward:
                writer.WriteString("fwd_kind"u8, type.KindFlag ? "union" : "struct");
                break;
            case BtfKind.FunctionPrototype:
                WriteParameters(writer, type);
                break;
            case BtfKind.Function or BtfKind.Variable:
                writer.WriteNumber("type_id"u8, type.TypeId.Value);
                writer.WriteString("linkage"u8, BtfRawPrinter.Linkage(type));
                break;
            case BtfKind.DataSection:
                WriteVariables(writer, type);
                break;
            case BtfKind.Float:
                writer.WriteNumber("size"u8, type.Size);
                break;
            case BtfKind.DeclarationTag:
                writer.WriteNumber("type_id"u8, type.TypeId.Value);
                writer.WriteNumber("component_idx"u8, type.ComponentIndex);
                break;
            case BtfKind.Pointer or BtfKind.Typedef or BtfKind.Const or BtfKind.Volatile or BtfKind.Restrict or BtfKind.TypeTag:
                writer.WriteNumber("type_id"u8, type.TypeId.Value);
                break;
        }
    }

    private static void WriteMemberList(Utf8JsonWriter writer, BtfType type)
    {
        writer.WriteNumber("size"u8, type.Size);
        writer.WriteNumber("vlen"u8, type.VariableLength);
        writer.WriteStartArray("members"u8);
        foreach (BtfMember member in type.Members)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, BtfRawPrinter.NameOf(member.Name));
            writer.WriteNumber("type_id"u8, member.TypeId.Value);
            writer.WriteNumber("bits_offset"u8, member.BitOffset);
            if (member.BitFieldSize != 0) writer.WriteNumber("bitfield_size"u8, member.BitFieldSize);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteValues(Utf8JsonWriter writer, BtfType type)
    {
        writer.WriteString("encoding"u8, BtfRawPrinter.Sign(type));
        writer.WriteNumber("size"u8, type.Size);
        writer.WriteNumber("vlen"u8, type.VariableLength);
        writer.WriteStartArray("values"u8);
        foreach (BtfEnumerator value in type.Enumerators)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, BtfRawPrinter.NameOf(value.Name));
            if (type.KindFlag) writer.WriteNumber("val"u8, value.Value);
            else writer.WriteNumber("val"u8, type.Kind == BtfKind.Enum64 ? (ulong)value.Value : (uint)value.Value);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteParameters(Utf8JsonWriter writer, BtfType type)
    {
        writer.WriteNumber("ret_type_id"u8, type.TypeId.Value);
        writer.WriteNumber("vlen"u8, type.VariableLength);
        writer.WriteStartArray("params"u8);
        foreach (BtfParameter parameter in type.Parameters)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, BtfRawPrinter.NameOf(parameter.Name));
            writer.WriteNumber("type_id"u8, parameter.TypeId.Value);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteVariables(Utf8JsonWriter writer, BtfType type)
    {
        writer.WriteNumber("size"u8, type.Size);
        writer.WriteNumber("vlen"u8, type.VariableLength);
        writer.WriteStartArray("vars"u8);
        foreach (BtfSectionVariable variable in type.Variables)
        {
            writer.WriteStartObject();
            writer.WriteNumber("type_id"u8, variable.TypeId.Value);
            writer.WriteNumber("offset"u8, variable.Offset);
            writer.WriteNumber("size"u8, variable.Size);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
