namespace Bpf.Loader.Btf;

/// <summary>What a CO-RE relocation asks for (<c>enum bpf_core_relo_kind</c>).</summary>
public enum CoReKind : uint
{
    /// <summary>The byte offset of a field; of a bit-field, the offset of the storage that is to be loaded.</summary>
    FieldByteOffset = 0,

    /// <summary>The size of a field in bytes; of a bit-field, the size of the storage that is to be loaded.</summary>
    FieldByteSize = 1,

    /// <summary>1 when the field exists, else 0.</summary>
    FieldExists = 2,

    /// <summary>1 when the field is signed, else 0.</summary>
    FieldSigned = 3,

    /// <summary>By how much to shift the loaded 64 bits left, so that the field's highest bit comes first.</summary>
    FieldLeftShift64 = 4,

    /// <summary>By how much to shift right afterwards, so that the field's lowest bit comes last.</summary>
    FieldRightShift64 = 5,

    /// <summary>The number of the type in the object's own BTF.</summary>
    TypeIdLocal = 6,

    /// <summary>The number of the type in the target's BTF.</summary>
    TypeIdTarget = 7,

    /// <summary>1 when the type exists, else 0.</summary>
    TypeExists = 8,

    /// <summary>The size of the type in bytes.</summary>
    TypeSize = 9,

    /// <summary>1 when the enumerator exists, else 0.</summary>
    EnumValueExists = 10,

    /// <summary>The value of the enumerator.</summary>
    EnumValue = 11,

    /// <summary>1 when the type exists and matches member by member, else 0.</summary>
    TypeMatches = 12,
}
