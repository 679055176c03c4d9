using System;
using System.Collections.Generic;

namespace Bpf.Loader.Btf;

/// <summary>
/// Finds the types that are the same and keeps one of each, as when the types of many source files come together. The passes
/// are libbpf's, and so is the result: strings; then types that refer to nothing; then structs, unions and typedefs, by comparing
/// everything that they reach; then forward declarations that only one definition can be meant by; then all that refers to
/// others.
/// </summary>
internal sealed partial class BtfDeduplicator
{
    private const int Unmapped = -1;
    private const int InProgress = -2;

    // In words that are compared: a second or so, and a small part of it.
    private const long LeastBudget = 40_000_000, BudgetPerWord = 64;
    private const long LeastNames = 16 << 20, NamesPerByte = 4; // in characters of names that are no tails of others
    private const long LeastAffordable = 2_000_000, AffordablePerWord = 10;

    private readonly BtfTypeGraph _graph;

    // What stands for a type: itself, another type, which may be mapped in turn, or nothing yet.
    private readonly int[] _map;
    private readonly BtfTypeTable _table;
    private readonly BtfBudget _budget;
    private readonly BtfBudget _nameBudget;
    private readonly long _affordable;

    private BtfDeduplicator(BtfReader btf)
    {
        _graph = new BtfTypeGraph(btf);
        _nameBudget = new BtfBudget(LeastNames + (NamesPerByte * btf.StringEnd));
        _map = new int[_graph.Count];
        _table = new BtfTypeTable(_graph.Count);
        _hypothesis = new int[_graph.Count];
        _budget = new BtfBudget(LeastBudget + (BudgetPerWord * _graph.WordCount));
        _affordable = LeastAffordable + (AffordablePerWord * _graph.WordCount);
        Array.Fill(_map, Unmapped);
        for (int id = 0; id < _graph.FirstId; id++) _map[id] = id;

        // Variables and sections are told apart by more than their types.
        for (int id = _graph.FirstId; id < _graph.Count; id++)
        {
            if (_graph.Kind(id) is BtfKind.Variable or BtfKind.DataSection) _map[id] = id;
        }
    }

    /// <summary>Removes duplicates among the own types of a BTF and between them and its base.</summary>
    /// <param name="btf">The types.</param>
    /// <param name="ext">The records that belong to them, or null.</param>
    /// <param name="keepStrings">True to keep all strings where they are.</param>
    /// <exception cref="BpfFormatException">The types refer to each other in a way that types of C cannot, or are made up to take very long.</exception>
    public static BtfDeduplication Run(BtfReader btf, BtfExtReader? ext, bool keepStrings)
    {
        var work = new BtfDeduplicator(btf);
        for (int id = 1; id < work._graph.FirstId; id++) work._table.Add(work.Hash(id), id);
        for (int id = work._graph.FirstId; id < work._graph.Count; id++) work.MapPrimitive(id);
        for (int id = work._graph.FirstId; id < work._graph.Count; id++) work.MapComposite(id);
        work.MapForwards();
        for (int id = work._graph.FirstId; id < work._graph.Count; id++) work.MapReference(id);
        return work.Write(ext, keepStrings);
    }

    private bool IsMapped(int id) => _map[id] >= 0;

    /// <summary>Follows the map to its end.</summary>
    private int Resolve(int id)
    {
        while (_map[id] >= 0 && _map[id] != id) id = _map[id];
        return id;
    }

    private bool IsUnion(int forward) => (_graph.Info(forward) >> 31) != 0;

    /// <summary>True when a forward declaration is of the sort of a definition.</summary>
    private bool Declares(int forward, int definition) => _graph.Kind(definition) == (IsUnion(forward) ? BtfKind.Union : BtfKind.Struct);

    private bool IsEnum(int id) => _graph.Kind(id) is BtfKind.Enum or BtfKind.Enum64;

    private bool IsEnumDeclaration(int id) => IsEnum(id) && _graph.Length(id) == 0;

    private bool HasSameHead(int one, int two) => _graph[one][..3].SequenceEqual(_graph[two][..3]);

    private bool IsSameRecord(int one, int two)
    {
        _budget.Spend(4);
        return _graph[one].SequenceEqual(_graph[two]);
    }

    /// <summary>Enums that may be the same: equal ones, and a declaration with anything of that name.</summary>
    private bool AreCompatibleEnums(int one, int two) => IsEnumDeclaration(one) || IsEnumDeclaration(two)
        ? _graph.Name(one) == _graph.Name(two) && IsEnum(one) && IsEnum(two)
        : IsSameRecord(one, two);

    private uint Hash(int id)
    {
        ReadOnlySpan<uint> record = _graph[id];
        ulong hash = record[0];
        switch (_graph.Kind(id))
        {
            case BtfKind.Enum or BtfKind.Enum64:
                // Its declarations have neither size nor values.
                break;
            case BtfKind.Typedef:
                hash = BtfHash.Add(hash, record[1]);
                break;
            case BtfKind.Struct or BtfKind.Union:
                // The types of the members may still change.
                foreach (uint word in record[..3]) hash = BtfHash.Add(hash, word);
                for (int i = 3; i < record.Length; i += 3) hash = BtfHash.Add(BtfHash.Add(hash, record[i]), record[i + 2]);
                break;
            default:
                foreach (uint word in record) hash = BtfHash.Add(hash, word);
                break;
        }

        if (_shapes is not null && _graph.Kind(id) is BtfKind.Struct or BtfKind.Union or BtfKind.Typedef) hash = BtfHash.Add(hash, _shapes[id]);
        return BtfHash.Finish(hash);
    }

    private void MapPrimitive(int id)
    {
        int found = id;
        uint hash;
        switch (_graph.Kind(id))
        {
            case BtfKind.Int or BtfKind.Float or BtfKind.Forward:
                hash = Hash(id);
                for (int candidate = _table.First(hash); candidate != 0 && found == id; candidate = _table.Next(candidate))
                {
                    if (IsSameRecord(id, candidate)) found = candidate;
                }

                break;
            case BtfKind.Enum or BtfKind.Enum64:
                hash = Hash(id);
                for (int candidate = _table.First(hash); candidate != 0 && found == id; candidate = _table.Next(candidate))
                {
                    if (IsSameRecord(id, candidate) || (AreCompatibleEnums(id, candidate) && IsEnumDeclaration(id))) found = candidate;

                    // A definition takes the place of a declaration that came before it.
                    else if (AreCompatibleEnums(id, candidate)) _map[candidate] = id;
                }

                break;
            default:
                return;
        }

        _map[id] = found;
        if (found == id) _table.Add(hash, id);
    }

    /// <summary>Maps declarations to the one definition of their name, when there is just one.</summary>
    private void MapForwards()
    {
        const int Ambiguous = 0;
        var definitions = new Dictionary<uint, int>();
        for (int id = 1; id < _graph.Count; id++)
        {
            if (_graph.Kind(id) is not (BtfKind.Struct or BtfKind.Union) || _map[id] != id || _graph.Name(id) == 0) continue;
            if (!definitions.TryAdd(_graph.Name(id), id)) definitions[_graph.Name(id)] = Ambiguous;
        }

        for (int id = _graph.FirstId; id < _graph.Count; id++)
        {
            if (_graph.Kind(id) == BtfKind.Forward && _map[id] == id && definitions.TryGetValue(_graph.Name(id), out int definition)
                && definition != Ambiguous && Declares(id, definition))
                _map[id] = definition;
        }
    }
}
