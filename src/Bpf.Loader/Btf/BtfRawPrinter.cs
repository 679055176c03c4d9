using System;
using System.Globalization;
using System.IO;
using System.Text.Json;

namespace Bpf.Loader.Btf;

/// <summary>Prints types as they are stored, one after the other, in the words of <c>bpftool btf dump</c>.</summary>
public static class BtfRawPrinter
{
    /// <summary>Prints all types as text; of split BTF its own.</summary>
    public static void Write(TextWriter writer, BtfReader btf)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(btf);
        for (int id = btf.FirstId; id < btf.TypeCount; id++) Write(writer, btf[new BtfTypeId(id)]);
    }

    /// <summary>Prints a type as a line of text, and its members, values, parameters or variables as a line each.</summary>
    public static void Write(TextWriter writer, BtfType type)
    {
        ArgumentNullException.ThrowIfNull(writer);
        IFormatProvider c = CultureInfo.InvariantCulture;
        writer.Write(string.Create(c, $"{type.Id} {KindName(type.Kind)} '{Shown(type.Name)}'"));
        writer.Write(type.Kind switch
        {
            BtfKind.Int => string.Create(c, $" size={type.Size} bits_offset={type.IntBitOffset} nr_bits={type.IntBits} encoding={Encoding(type)}"),
            BtfKind.Array => string.Create(c, $" type_id={type.Array.ElementTypeId.Value} index_type_id={type.Array.IndexTypeId.Value} nr_elems={type.Array.Count}"),
            BtfKind.Struct or BtfKind.Union or BtfKind.DataSection => string.Create(c, $" size={type.Size} vlen={type.VariableLength}"),
            BtfKind.Enum or BtfKind.Enum64 => string.Create(c, $" encoding={Sign(type)} size={type.Size} vlen={type.VariableLength}"),
            BtfKind.Forward => $" fwd_kind={(type.KindFlag ? "union" : "struct")}",
            BtfKind.Function => string.Create(c, $" type_id={type.TypeId.Value} linkage={Linkage(type)}"),
            BtfKind.FunctionPrototype => string.Create(c, $" ret_type_id={type.TypeId.Value} vlen={type.VariableLength}"),
            BtfKind.Variable => string.Create(c, $" type_id={type.TypeId.Value}, linkage={Linkage(type)}"),
            BtfKind.Float => string.Create(c, $" size={type.Size}"),
            BtfKind.DeclarationTag => string.Create(c, $" type_id={type.TypeId.Value} component_idx={type.ComponentIndex}"),
            BtfKind.Pointer or BtfKind.Typedef or BtfKind.Const or BtfKind.Volatile or BtfKind.Restrict or BtfKind.TypeTag =>
                string.Create(c, $" type_id={type.TypeId.Value}"),
            _ => "",
        });
        writer.Write('\n');

        foreach (BtfMember m in type.Members)
        {
            string width = m.BitFieldSize == 0 ? "" : string.Create(c, $" bitfield_size={m.BitFieldSize}");
            writer.Write(string.Create(c, $"\t'{Shown(m.Name)}' type_id={m.TypeId.Value} bits_offset={m.BitOffset}{width}\n"));
        }

        foreach (BtfEnumerator e in type.Enumerators) writer.Write(string.Create(c, $"\t'{Shown(e.Name)}' val={Value(type, e)}\n"));
        foreach (BtfParameter p in type.Parameters) writer.Write(string.Create(c, $"\t'{Shown(p.Name)}' type_id={p.TypeId.Value}\n"));
        foreach (BtfSectionVariable v in type.Variables)
        {
            BtfType variable = type.Reader.Contains(v.TypeId) ? type.Reader[v.TypeId] : default;
            string what = variable.Reader is not null && variable.Kind is BtfKind.Variable or BtfKind.Function ? $" ({KindName(variable.Kind)} '{Shown(variable.Name)}')" : "";
            writer.Write(string.Create(c, $"\ttype_id={v.TypeId.Value} offset={v.Offset} size={v.Size}{what}\n"));
        }
    }

    /// <summary>Writes a type as a JSON object.</summary>
    public static void WriteJson(Utf8JsonWriter writer, BtfType type)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        writer.WriteNumber("id"u8, type.Id.Value);
        writer.WriteString("kind"u8, KindName(type.Kind));
        writer.WriteString("name"u8, NameOf(type.Name));
        BtfRawJson.WriteMembers(writer, type);
        writer.WriteEndObject();
    }

    // A line is a line, whatever a name holds.
    private static string Shown(string name) => BpfText.Printable(NameOf(name));

    internal static string NameOf(string name) => name.Length == 0 ? "(anon)" : name;

    internal static string Sign(BtfType type) => type.KindFlag ? "SIGNED" : "UNSIGNED";

    internal static string Encoding(BtfType type) => type.IntEncoding switch
    {
        BtfIntEncoding.None => "(none)",
        BtfIntEncoding.Signed => "SIGNED",
        BtfIntEncoding.Char => "CHAR",
        BtfIntEncoding.Bool => "BOOL",
        _ => "UNKN",
    };

    internal static string Linkage(BtfType type) => type.Linkage switch
    {
        BtfLinkage.Static => "static",
        BtfLinkage.Global => "global",
        BtfLinkage.Extern => "extern",
        _ => "(unknown)",
    };

    private static string Value(BtfType type, BtfEnumerator value) => (type.Kind, type.KindFlag) switch
    {
        (BtfKind.Enum64, true) => string.Create(CultureInfo.InvariantCulture, $"{value.Value}LL"),
        (BtfKind.Enum64, false) => string.Create(CultureInfo.InvariantCulture, $"{(ulong)value.Value}ULL"),
        (_, true) => value.Value.ToString(CultureInfo.InvariantCulture),
        _ => ((uint)value.Value).ToString(CultureInfo.InvariantCulture),
    };

    private static string KindName(BtfKind kind) => kind switch
    {
        BtfKind.Void => "UNKNOWN",
        BtfKind.Int => "INT",
        BtfKind.Pointer => "PTR",
        BtfKind.Array => "ARRAY",
        BtfKind.Struct => "STRUCT",
        BtfKind.Union => "UNION",
        BtfKind.Enum => "ENUM",
        BtfKind.Forward => "FWD",
        BtfKind.Typedef => "TYPEDEF",
        BtfKind.Volatile => "VOLATILE",
        BtfKind.Const => "CONST",
        BtfKind.Restrict => "RESTRICT",
        BtfKind.Function => "FUNC",
        BtfKind.FunctionPrototype => "FUNC_PROTO",
        BtfKind.Variable => "VAR",
        BtfKind.DataSection => "DATASEC",
        BtfKind.Float => "FLOAT",
        BtfKind.DeclarationTag => "DECL_TAG",
        BtfKind.TypeTag => "TYPE_TAG",
        BtfKind.Enum64 => "ENUM64",
        _ => string.Create(CultureInfo.InvariantCulture, $"KIND_{(int)kind}"),
    };
}
