using System.Collections.Generic;

namespace Bpf.Loader.Btf;

/// <summary>
/// The names that types get in C. BTF may have several types of a name, C may not: the second becomes <c>name___2</c>, which to
/// CO-RE still means <c>name</c>. Tags (struct, union, enum) and identifiers (typedefs, enumerators) do not meet.
/// </summary>
internal sealed class BtfCNames
{
    private readonly Dictionary<BtfTypeId, string> _givenToSome = [];
    private string?[] _given = []; // by number, for those who name all types
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

    /// <summary>Makes room for the names of that many types: for those who name nearly all of them.</summary>
    public void Reserve(int typeCount) => _given = new string?[typeCount];

    /// <summary>The tag of a struct, union, enum or forward declaration; empty for an anonymous one.</summary>
    public string Tag(BtfType type)
    {
        if (type.IsAnonymous) return "";
        if (Given(type.Id) is { } given) return given;
        string name = BpfText.Printable(type.Name), keyword = Keyword(type);

        // A declaration means the definition of that name, if it is of the same sort.
        bool declares = type.Kind == BtfKind.Forward || (type.Kind == BtfKind.Enum && type.VariableLength == 0);
        if (declares && (!_tagOwners.TryGetValue(name, out string? owner) || owner == keyword)) return name;

        string tag = name;
        while (!_tagOwners.TryAdd(tag, keyword)) tag = Next(name, "tag ");
        return Give(type.Id, tag);
    }

    /// <summary>The name of a typedef.</summary>
    public string Typedef(BtfType type) => Given(type.Id) ?? Give(type.Id, Identifier(type.Name));

    /// <summary>A name for an enumerator, or another identifier, that was not given yet.</summary>
    public string Identifier(string name)
    {
        name = BpfText.Printable(name);
        string identifier = name;
        while (!_identifiers.Add(identifier)) identifier = Next(name, "");
        return identifier;
    }

    private string? Given(BtfTypeId id) => id.Value < _given.Length ? _given[id.Value] : _givenToSome.GetValueOrDefault(id);

    private string Give(BtfTypeId id, string name)
    {
        if (id.Value < _given.Length) _given[id.Value] = name;
        else _givenToSome[id] = name;
        return name;
    }

    private string Next(string name, string space)
    {
        int number = _next.GetValueOrDefault(space + name, 1) + 1;
        _next[space + name] = number;
        return $"{name}___{number}";
    }
}
