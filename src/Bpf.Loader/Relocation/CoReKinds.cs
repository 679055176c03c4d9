using Bpf.Loader.Btf;

namespace Bpf.Loader.Relocation;

/// <summary>The families of CO-RE kinds, and the words of libbpf's log.</summary>
internal static class CoReKinds
{
    public static bool IsField(this CoReKind kind) => kind <= CoReKind.FieldRightShift64;

    public static bool IsType(this CoReKind kind) => kind is >= CoReKind.TypeIdLocal and <= CoReKind.TypeSize or CoReKind.TypeMatches;

    public static bool IsEnumerator(this CoReKind kind) => kind is CoReKind.EnumValueExists or CoReKind.EnumValue;

    public static bool IsKnown(this CoReKind kind) => kind <= CoReKind.TypeMatches;

    public static string ToLogName(this CoReKind kind) => kind switch
    {
        CoReKind.FieldByteOffset => "byte_off",
        CoReKind.FieldByteSize => "byte_sz",
        CoReKind.FieldExists => "field_exists",
        CoReKind.FieldSigned => "signed",
        CoReKind.FieldLeftShift64 => "lshift_u64",
        CoReKind.FieldRightShift64 => "rshift_u64",
        CoReKind.TypeIdLocal => "local_type_id",
        CoReKind.TypeIdTarget => "target_type_id",
        CoReKind.TypeExists => "type_exists",
        CoReKind.TypeMatches => "type_matches",
        CoReKind.TypeSize => "type_size",
        CoReKind.EnumValueExists => "enumval_exists",
        CoReKind.EnumValue => "enumval_value",
        _ => "unknown",
    };

    public static string ToLogName(this BtfKind kind) => kind switch
    {
        BtfKind.Void => "void",
        BtfKind.Int => "int",
        BtfKind.Pointer => "ptr",
        BtfKind.Array => "array",
        BtfKind.Struct => "struct",
        BtfKind.Union => "union",
        BtfKind.Enum => "enum",
        BtfKind.Forward => "fwd",
        BtfKind.Typedef => "typedef",
        BtfKind.Volatile => "volatile",
        BtfKind.Const => "const",
        BtfKind.Restrict => "restrict",
        BtfKind.Function => "func",
        BtfKind.FunctionPrototype => "func_proto",
        BtfKind.Variable => "var",
        BtfKind.DataSection => "datasec",
        BtfKind.Float => "float",
        BtfKind.DeclarationTag => "decl_tag",
        BtfKind.TypeTag => "type_tag",
        BtfKind.Enum64 => "enum64",
        _ => "unknown",
    };

    /// <summary>True when types of the two kinds may stand for each other: the same, or enums of either width.</summary>
    public static bool IsCompatible(BtfKind left, BtfKind right) =>
        left == right || (left is BtfKind.Enum or BtfKind.Enum64 && right is BtfKind.Enum or BtfKind.Enum64);
}
