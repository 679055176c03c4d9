using System;
using System.Text;

namespace Bpf.Loader.Btf;

/// <summary>A BTF type: a view that decodes its fields when asked. It lives as long as its reader.</summary>
public readonly struct BtfType : IEquatable<BtfType>
{
    internal const int HeaderSize = 12;

    private readonly int _offset;

    internal BtfType(BtfReader reader, BtfTypeId id, int offset)
    {
        Reader = reader;
        Id = id;
        _offset = offset;
    }

    /// <summary>The number of the type.</summary>
    public BtfTypeId Id { get; }

    /// <summary>What the type is.</summary>
    public BtfKind Kind => Id.IsVoid ? BtfKind.Void : KindOf(Info);

    /// <summary>The name, UTF-8; empty when it has none.</summary>
    public ReadOnlySpan<byte> NameUtf8 => Reader.GetStringUtf8(NameOffset);

    /// <summary>The name; empty when it has none.</summary>
    public string Name => Encoding.UTF8.GetString(NameUtf8);

    /// <summary>True when it has no name; quicker than asking <see cref="NameUtf8"/>.</summary>
    internal bool IsAnonymous => Reader.IsEmptyString(NameOffset);

    /// <summary>The number of members, enumerators, parameters or variables; for a function, its linkage.</summary>
    public int VariableLength => Id.IsVoid ? 0 : VariableLengthOf(Info);

    /// <summary>
    /// The flag whose meaning depends on the kind: bit-fields in a struct, signed in an enum, union in a forward declaration.
    /// </summary>
    public bool KindFlag => !Id.IsVoid && (Info & 0x80000000) != 0;

    /// <summary>The size in bytes, for kinds that hold one: integers, structs, unions, enums, floats and data sections.</summary>
    public uint Size => Id.IsVoid ? 0 : Block.UInt32(_offset + 8);

    /// <summary>The type referred to, for pointers, qualifiers, typedefs, tags, functions, variables and prototypes (their result).</summary>
    public BtfTypeId TypeId => new((int)Size);

    /// <summary>The members of a struct or union; empty for other kinds.</summary>
    public BtfMemberCollection Members => new(Reader, Extra, Kind is BtfKind.Struct or BtfKind.Union ? VariableLength : 0, KindFlag);

    /// <summary>The values of an enum of either width; empty for other kinds.</summary>
    public BtfEnumeratorCollection Enumerators =>
        new(Reader, Extra, Kind is BtfKind.Enum or BtfKind.Enum64 ? VariableLength : 0, Kind == BtfKind.Enum64);

    /// <summary>The parameters of a function prototype; empty for other kinds.</summary>
    public BtfParameterCollection Parameters => new(Reader, Extra, Kind == BtfKind.FunctionPrototype ? VariableLength : 0);

    /// <summary>The variables of a data section; empty for other kinds.</summary>
    public BtfSectionVariableCollection Variables => new(Reader, Extra, Kind == BtfKind.DataSection ? VariableLength : 0);

    /// <summary>What an array consists of; meaningful for arrays only.</summary>
    public BtfArray Array => Kind == BtfKind.Array
        ? new BtfArray(new BtfTypeId(Block.Int32(Extra)), new BtfTypeId(Block.Int32(Extra + 4)), Block.UInt32(Extra + 8))
        : default;

    /// <summary>How an integer is encoded; meaningful for integers only.</summary>
    public BtfIntEncoding IntEncoding => (BtfIntEncoding)((IntData >> 24) & 0xf);

    /// <summary>Where the bits of an integer begin; 0 but in BTF of very old compilers.</summary>
    public int IntBitOffset => (int)((IntData >> 16) & 0xff);

    /// <summary>The number of bits of an integer.</summary>
    public int IntBits => (int)(IntData & 0xff);

    /// <summary>The linkage of a function or variable.</summary>
    public BtfLinkage Linkage => Kind switch
    {
        BtfKind.Function => (BtfLinkage)VariableLength,
        BtfKind.Variable => (BtfLinkage)Block.Int32(Extra),
        _ => BtfLinkage.Static,
    };

    /// <summary>What a declaration tag is on: -1 the declaration itself, else the number of a member or parameter.</summary>
    public int ComponentIndex => Kind == BtfKind.DeclarationTag ? Block.Int32(Extra) : -1;

    /// <summary>True for a struct or union.</summary>
    public bool IsComposite => Kind is BtfKind.Struct or BtfKind.Union;

    /// <summary>True for an enum of either width.</summary>
    public bool IsEnum => Kind is BtfKind.Enum or BtfKind.Enum64;

    /// <summary>True for a qualifier or a type tag: what changes nothing in the layout and has no name in C.</summary>
    public bool IsModifier => Kind is BtfKind.Volatile or BtfKind.Const or BtfKind.Restrict or BtfKind.TypeTag;

    /// <summary>The reader that the type is of: for split BTF, its base when the type is there.</summary>
    internal BtfReader Reader { get; }

    internal uint NameOffset => Id.IsVoid ? 0 : Block.UInt32(_offset);

    internal uint IntData => Kind == BtfKind.Int ? Block.UInt32(Extra) : 0;

    /// <summary>The byte offset of the type in the type section.</summary>
    internal int Offset => _offset;

    /// <summary>The length of the whole record, in bytes.</summary>
    internal int RecordSize
    {
        get
        {
            int next = Id.Value - Reader.FirstId + 1;
            return (next < Reader.TypeOffsets.Length ? Reader.TypeOffsets[next] : Block.Length) - _offset;
        }
    }

    private MemoryBlock Block => Reader.Types;

    private uint Info => Block.UInt32(_offset + 4);

    private int Extra => _offset + HeaderSize;

    /// <inheritdoc/>
    public bool Equals(BtfType other) => ReferenceEquals(Reader, other.Reader) && Id == other.Id;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is BtfType other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Id.GetHashCode();

    /// <summary>Number, kind and name, as in <c>[12] Struct task_struct</c>.</summary>
    public override string ToString() => $"{Id} {Kind} {(NameUtf8.IsEmpty ? "(anon)" : Name)}";

    /// <summary>True when both are the same type of the same reader.</summary>
    public static bool operator ==(BtfType left, BtfType right) => left.Equals(right);

    /// <summary>True when the types differ.</summary>
    public static bool operator !=(BtfType left, BtfType right) => !left.Equals(right);

    // Linux widened the length to 24 and the kind to 7 bits; the added bits were always zero before.
    internal static BtfKind KindOf(uint info) => (BtfKind)((info >> 24) & 0x7f);

    internal static int VariableLengthOf(uint info) => (int)(info & 0xffffff);

    /// <summary>The bytes that follow the common header of a type; -1 for an unknown kind.</summary>
    internal static long ExtraSize(BtfKind kind, int length) => kind switch
    {
        BtfKind.Int or BtfKind.Variable or BtfKind.DeclarationTag => 4,
        BtfKind.Array => 12,
        BtfKind.Struct or BtfKind.Union or BtfKind.DataSection or BtfKind.Enum64 => 12L * length,
        BtfKind.Enum or BtfKind.FunctionPrototype => 8L * length,
        > BtfKind.Void and <= BtfKind.Enum64 => 0,
        _ => -1,
    };
}
