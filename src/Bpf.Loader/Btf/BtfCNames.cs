using System.Collections.Generic;

namespace Bpf.Loader.Btf;

/// <summary>
/// The names that types get in C. BTF may have several types of a name, C may not: the second becomes <c>name___2</c>, which to
/// CO-RE still means <c>name</c>. Tags (struct, union, enum) and identifiers (typedefs, enumerators) do not meet.
/// </summary>
internal sealed class BtfCNames
{
    private readonly Dictionary<BtfTypeId, string> _given = [];
    private readonly Dictionary<string, string> _tagOwners = []; // tag -> struct, union or enum
    private readonly HashSet<string> _identifiers = [];
    private readonly Dictionary<string, int> _next = [];

    /// <summary>The word before a tag.</summary>
    public static string Keyword(BtfType type) => type.Kind switch
    {
        BtfKind.Struct => "struct",
        BtfKind.Union => "union",
        BtfKind.Forward => type.KindFlag ? "union" : "struct",
        _ => "enum",
    };

    /// <summary>The tag of a struct, union, enum or forward declaration; empty for an anonymous one.</summary>
    public string Tag(BtfType type)
    {
        if (type.NameUtf8.IsEmpty) return "";
        if (_given.TryGetValue(type.Id, out string? given)) return given;
        string name = BpfText.Printable(type.Name), keyword = Keyword(type);

        // A declaration means the definition of that name, if it is of the same sort.
        bool declares = type.Kind == BtfKind.Forward || (type.Kind == BtfKind.Enum && type.VariableLength == 0);
        if (declares && (!_tagOwners.TryGetValue(name, out string? owner) || owner == keyword)) return name;

        string tag = name;
        while (!_tagOwners.TryAdd(tag, keyword)) tag = Next(name, "tag ");
        _given.Add(type.Id, tag);
        return tag;
    }

    /// <summary>The name of a typedef.</summary>
    public string Typedef(BtfType type)
    {
        if (!_given.TryGetValue(type.Id, out string? given)) _given.Add(type.Id, given = Identifier(type.Name));
        return given;
    }

    /// <summary>A name for an enumerator, or another identifier, that was not given yet.</summary>
    public string Identifier(string name)
    {
        name = BpfText.Printable(name);
        string identifier = name;
        while (!_identifiers.Add(identifier)) identifier = Next(name, "");
        return identifier;
    }

    private string Next(string name, string space)
    {
        int number = _next.GetValueOrDefault(space + name, 1) + 1;
        _next[space + name] = number;
        return $"{name}___{number}";
    }
}
