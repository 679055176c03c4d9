using System.Collections.Generic;

namespace Bpf.Loader.Btf;

/// <summary>
/// A choice of types, and of the members of structs and unions, that is written as BTF of its own. Types keep their order, sizes and
/// offsets; what was not chosen is left out, and a pointer to it leads to <c>void</c>.
/// </summary>
internal sealed class BtfSubset(BtfReader source)
{
    private readonly HashSet<BtfTypeId> _types = [];
    private readonly Dictionary<BtfTypeId, SortedSet<int>> _members = [];

    /// <summary>Takes a type with all that it is made of, but for the members of structs and unions.</summary>
    /// <param name="id">The type.</param>
    /// <param name="throughPointers">Whether what pointers lead to is taken too.</param>
    public void Add(BtfTypeId id, bool throughPointers)
    {
        var open = new Stack<BtfTypeId>();
        var seen = new HashSet<BtfTypeId>();
        open.Push(id);
        while (open.TryPop(out BtfTypeId next))
        {
            if (next.IsVoid || !seen.Add(next)) continue;
            _types.Add(next);
            BtfType type = source[next];
            switch (type.Kind)
            {
                case BtfKind.Pointer:
                    if (throughPointers) open.Push(type.TypeId);
                    break;
                case BtfKind.Typedef or BtfKind.Const or BtfKind.Volatile or BtfKind.Restrict or BtfKind.TypeTag:
                    open.Push(type.TypeId);
                    break;
                case BtfKind.Array:
                    open.Push(type.Array.ElementTypeId);
                    open.Push(type.Array.IndexTypeId);
                    break;
                case BtfKind.FunctionPrototype:
                    open.Push(type.TypeId);
                    foreach (BtfParameter parameter in type.Parameters) open.Push(parameter.TypeId);
                    break;
            }
        }
    }

    /// <summary>Takes a member of a struct or union, with its type.</summary>
    public void AddMember(BtfTypeId composite, int index)
    {
        Add(composite, throughPointers: false);
        if (!_members.TryGetValue(composite, out SortedSet<int>? members)) _members[composite] = members = [];
        if (members.Add(index)) Add(source[composite].Members[index].TypeId, throughPointers: false);
    }

    /// <summary>Writes the choice.</summary>
    public BtfReader ToReader() => ToReader(out _);

    /// <summary>Writes the choice.</summary>
    /// <param name="ids">The number that each type has in what is written, by the one that it had.</param>
    public BtfReader ToReader(out Dictionary<int, int> ids)
    {
        var builder = new BtfBuilder();
        var moved = new Dictionary<int, int> { [0] = 0 };
        var order = new List<BtfTypeId>(_types);
        order.Sort(static (one, other) => one.Value.CompareTo(other.Value));
        foreach (BtfTypeId id in order)
        {
            BtfType type = source[id];
            BtfTypeId copy = type.IsComposite
                ? builder.AddComposite(type, _members.TryGetValue(id, out SortedSet<int>? members) ? [.. members] : [])
                : builder.AddType(type);
            moved[id.Value] = copy.Value;
        }

        foreach (BtfTypeId id in order) builder.MoveReferences(new BtfTypeId(moved[id.Value]), old => moved.GetValueOrDefault(old));
        ids = moved;
        return builder.ToReader();
    }
}
