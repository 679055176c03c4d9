using System;
using System.Collections.Generic;
using Bpf.Loader.Btf;

namespace Bpf.Tool.Skeletons;

/// <summary>Gives each type of C that maps, variables and events use its type of C#, and keeps those that must be defined.</summary>
internal sealed partial class TypeTable
{
    /// <summary>Larger arrays are spans: value types beyond are refused by some runtimes.</summary>
    public const uint MaximumArray = 1 << 20;

    /// <summary>Larger structs are refused by all runtimes: no field may be further from the start.</summary>
    public const uint MaximumStruct = 1 << 26;

    // BTF that is sound has no loops of values; in what is not, they end here.
    private const int MaximumDepth = 64;

    private readonly BtfReader? _btf;
    private readonly NameScope _scope;
    private readonly Dictionary<BtfTypeId, CSharpType> _known = [];
    private readonly Dictionary<string, CSharpType> _arrays = new(StringComparer.Ordinal);
    private int _depth;

    public TypeTable(BtfReader? btf, NameScope scope)
    {
        _btf = btf;
        _scope = scope;
    }

    /// <summary>The types to be defined, in the order in which they were met.</summary>
    public List<ITypeDefinition> Definitions { get; } = [];

    /// <summary>The type of C# for one of C.</summary>
    /// <param name="id">The type.</param>
    /// <param name="hint">What to call it when it has no name.</param>
    /// <returns>Null when it has no size, or one that no field can have.</returns>
    public CSharpType? Map(BtfTypeId id, string hint)
    {
        if (_btf is null || _depth > MaximumDepth || !_btf.TryGetSize(id, out uint size) || size is 0 or > MaximumArray) return null;
        _depth++;
        CSharpType? type = Map(_btf.StripModifiers(id), TypedefOf(id), hint);
        _depth--;
        return type;
    }

    /// <summary>The type of C# for one of C that must have a size, of <see cref="MaximumArray"/> at most; bytes, when it has another.</summary>
    public CSharpType MapSized(BtfTypeId id, uint size, string hint) =>
        !id.IsVoid && Map(id, hint) is CSharpType type && (uint)type.Size == size ? type : OfSize(size);

    /// <summary>A type of a size, of which no more is known: an integer, or an array of bytes.</summary>
    public CSharpType OfSize(uint size) =>
        CSharpType.OfSize(size) ?? Array(new CSharpType("byte", 1), (int)size, isText: false);

    /// <summary>Has a type that is asked for by its name in C.</summary>
    /// <exception cref="SkeletonException">There is none that has a size.</exception>
    public void Require(string name)
    {
        foreach (BtfKind kind in new[] { BtfKind.Struct, BtfKind.Union, BtfKind.Enum, BtfKind.Enum64, BtfKind.Typedef })
        {
            if (_btf is not null && _btf.TryFind(name, kind, out BtfTypeId id) && Map(id, name) is not null) return;
        }

        throw new SkeletonException($"The BTF of the object has no struct, union, enum or typedef '{name}' that has a size.", "The compiler leaves out what nothing uses; __keep_type(TYPE) of bpf/bpf_records.h in the source keeps a type.");
    }

    private CSharpType? Map(BtfType type, string? typedef, string hint)
    {
        switch (type.Kind)
        {
            case BtfKind.Int when type.IntEncoding.HasFlag(BtfIntEncoding.Bool) && type.Size == 1:
                return new CSharpType("bool", 1);
            case BtfKind.Int:
                return CSharpType.OfSize(type.Size, type.IntEncoding.HasFlag(BtfIntEncoding.Signed)) ?? OfSize(type.Size);
            case BtfKind.Pointer:
                return new CSharpType("ulong", sizeof(ulong));
            case BtfKind.Float:
                return type.Size switch
                {
                    2 => new CSharpType("global::System.Half", 2),
                    4 => new CSharpType("float", 4),
                    8 => new CSharpType("double", 8),
                    _ => OfSize(type.Size),
                };
            case BtfKind.Array:
                BtfArray array = type.Array;
                return Map(array.ElementTypeId, hint) is CSharpType element && IsInt(array.Count)
                    ? Array(element, (int)array.Count, IsCharacter(array.ElementTypeId))
                    : null;
            case BtfKind.Enum or BtfKind.Enum64:
                return Known(type) ?? Define(type, new EnumDefinition(type, NameOf(type, typedef, hint, "Enum"), Origin(type, typedef)));
            case BtfKind.Struct or BtfKind.Union:
                return Known(type) ?? DefineStruct(type, typedef, hint);
            default:
                return null;
        }
    }

    private static bool IsInt(uint count) => count is > 0 and <= int.MaxValue;

    private CSharpType? Known(BtfType type) => _known.GetValueOrDefault(type.Id);

    private CSharpType Define(BtfType type, ITypeDefinition definition)
    {
        var defined = new CSharpType(definition.Name, (int)type.Size);
        _known.Add(type.Id, defined);
        Definitions.Add(definition);
        return defined;
    }

    private CSharpType DefineStruct(BtfType type, string? typedef, string hint)
    {
        // Known before its members are looked at: in unsound BTF one of them may be the struct itself.
        var definition = new StructDefinition(
            NameOf(type, typedef, hint, type.Kind == BtfKind.Union ? "Union" : "Struct"), type.Size, Math.Clamp(_btf!.AlignOf(type.Id), 1, 8), Origin(type, typedef), _btf, type.Id);
        CSharpType defined = Define(type, definition);
        AddMembers(definition, type, 0, definition.Name);
        return defined;
    }

    private CSharpType Array(CSharpType element, int count, bool isText)
    {
        string part = CSharpNames.OfType(element.Name);
        bool isNested = _arrays.ContainsKey(element.Name) && !isText;
        string key = $"{element.Name}[{count}]{(isText ? "t" : "")}";
        if (_arrays.TryGetValue(key, out CSharpType? known)) return known;
        // The outer length comes first, as in C.
        int inner = isNested ? part.LastIndexOf("Array", StringComparison.Ordinal) : -1;
        string wanted = isText ? $"Text{count}" : inner < 0 ? $"{part}Array{count}" : $"{part[..inner]}Array{count}x{part[(inner + 5)..]}";
        string name = _scope.Give(wanted, "Of");
        var array = new CSharpType(name, element.Size * count);
        _arrays.Add(key, array);
        _arrays.TryAdd(name, array);
        Definitions.Add(isText ? new TextDefinition(name, count) : new ArrayDefinition(name, element, count));
        return array;
    }

    private bool IsCharacter(BtfTypeId id)
    {
        BtfType type = _btf!.StripModifiers(id);
        return type.Kind == BtfKind.Int && type.Size == 1 && type.NameUtf8.SequenceEqual("char"u8);
    }
}
