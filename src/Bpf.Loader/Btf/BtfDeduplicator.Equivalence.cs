using System;
using System.Collections.Generic;

namespace Bpf.Loader.Btf;

internal sealed partial class BtfDeduplicator
{
    // As deep as libbpf compares types that a compiler wrote twice into one file.
    private const int IdenticalDepth = 16;
    private const int IdenticalSteps = 100_000;

    private readonly int[] _hypothesis; // known type -> the type assumed to be the same, or 0
    private readonly List<int> _assumed = [];
    private readonly Stack<(int New, int Known)> _pairs = [];
    private uint[]? _shapes; // once the types turn out to be such that it pays
    private bool _changesBase;
    private int _identicalSteps;
    private int _current;

    /// <summary>Maps a struct, union or typedef to an earlier one that is the same in everything that it reaches.</summary>
    private void MapComposite(int id)
    {
        if (IsMapped(id) || _graph.Kind(id) is not (BtfKind.Struct or BtfKind.Union or BtfKind.Typedef)) return;
        if (_shapes is null && _budget.Spent > _affordable) Remember(id);
        _current = id;
        uint hash = Hash(id);
        int found = id;
        for (int known = _table.First(hash); known != 0; known = _table.Next(known))
        {
            _budget.Spend(1);

            // A declaration can have the same hash by chance and would pass as equivalent.
            if (!LooksEqual(id, known) || !IsEquivalent(id, known)) continue;
            Accept();
            if (_changesBase) continue;
            found = known;
            break;
        }

        _map[id] = found;
        if (found == id) _table.Add(hash, id);
    }

    /// <summary>
    /// Thousands of types that look the same one by one are found by what they are made of, from now on. Compilers write no such
    /// types; and what is equal is still found out by comparing.
    /// </summary>
    private void Remember(int end)
    {
        _shapes = BtfShapes.Of(_graph, _budget);
        _table.Clear();
        for (int id = 1; id < end; id++)
        {
            if (id < _graph.FirstId || (_map[id] == id && _graph.Kind(id) is BtfKind.Struct or BtfKind.Union or BtfKind.Typedef)) _table.Add(Hash(id), id);
        }
    }

    /// <summary>Compares all that two types tell without the types that they refer to.</summary>
    private bool LooksEqual(int one, int two)
    {
        if (_graph.Kind(one) == BtfKind.Typedef) return _graph.Name(one) == _graph.Name(two) && _graph.Info(one) == _graph.Info(two);
        ReadOnlySpan<uint> a = _graph[one], b = _graph[two];
        if (a.Length != b.Length || !a[..3].SequenceEqual(b[..3])) return false;
        _budget.Spend(a.Length);
        for (int i = 3; i < a.Length; i += 3)
        {
            if (a[i] != b[i] || a[i + 2] != b[i + 2]) return false;
        }

        return true;
    }

    /// <summary>
    /// Walks two graphs side by side. Every pair that must be the same is noted as an assumption, so that loops end; one pair that
    /// differs refutes all of them.
    /// </summary>
    private bool IsEquivalent(int newId, int known)
    {
        foreach (int id in _assumed) _hypothesis[id] = 0;
        _assumed.Clear();
        _changesBase = false;
        _pairs.Clear();
        _pairs.Push((newId, known));
        while (_pairs.TryPop(out (int New, int Known) pair))
        {
            if (!IsEquivalentHere(pair.New, pair.Known)) return false;
        }

        return true;
    }

    private bool IsEquivalentHere(int newId, int known)
    {
        _budget.Spend(4);
        if (Resolve(newId) == Resolve(known)) return true;
        if (_shapes is not null && (_shapes[newId] != _shapes[known] || WereFoundDifferent(newId, known))) return false;
        known = ResolveForward(known);
        int assumed = _hypothesis[known];
        if (assumed != 0)
        {
            // Compilers write one array, pointer or even struct several times into a file; these are compared by their shape.
            _identicalSteps = IdenticalSteps;
            return assumed == newId || IsIdentical(assumed, newId, IdenticalDepth);
        }

        if (known == 0 || newId == 0) return false;
        _hypothesis[known] = newId;
        _assumed.Add(known);
        if (_graph.Name(newId) != _graph.Name(known)) return false;

        BtfKind kind = _graph.Kind(newId), knownKind = _graph.Kind(known);
        if (kind != knownKind && kind == BtfKind.Forward) return Declares(newId, known);
        if (kind != knownKind && knownKind == BtfKind.Forward)
        {
            bool declares = Declares(known, newId);
            if (declares && known < _graph.FirstId) _changesBase = true;
            return declares;
        }

        return kind == knownKind && IsEquivalentKind(kind, newId, known);
    }

    /// <summary>True for types that both stand for themselves although they were compared: they have the same hash.</summary>
    private bool WereFoundDifferent(int one, int two) =>
        one < _current && two < _current && _map[one] == one && _map[two] == two && _graph.Kind(one) == _graph.Kind(two)
        && _graph.Kind(one) is BtfKind.Struct or BtfKind.Union or BtfKind.Typedef;

    private bool IsEquivalentKind(BtfKind kind, int newId, int known)
    {
        switch (kind)
        {
            case BtfKind.Int:
                return IsSameRecord(newId, known);
            case BtfKind.Enum or BtfKind.Enum64:
                return AreCompatibleEnums(newId, known);
            case BtfKind.Forward or BtfKind.Float:
                return HasSameHead(newId, known);
            case BtfKind.Const or BtfKind.Volatile or BtfKind.Restrict or BtfKind.Pointer or BtfKind.Typedef or BtfKind.Function or BtfKind.TypeTag:
                PushEntry(newId, known, 2);
                return _graph.Info(newId) == _graph.Info(known);
            case BtfKind.Array:
                if (!HasSameHead(newId, known) || _graph[newId][5] != _graph[known][5]) return false;
                PushEntry(newId, known, 3);
                PushEntry(newId, known, 4);
                return true;
            case BtfKind.Struct or BtfKind.Union:
                if (!LooksEqual(newId, known)) return false;
                PushEntries(newId, known);
                return true;
            case BtfKind.FunctionPrototype:
                if (!HasSamePrototype(newId, known)) return false;
                PushEntries(newId, known);
                PushEntry(newId, known, 2);
                return true;
            default:
                return false;
        }
    }

    /// <summary>
    /// Notes the types of all members or parameters for comparison. The order in which pairs are taken is libbpf's (index before
    /// element, result before parameters), since a declaration that could mean either of two definitions means the last one met.
    /// </summary>
    private void PushEntries(int newId, int known)
    {
        BtfFields fields = _graph.Fields(newId);
        _budget.Spend(fields.Count);
        for (int i = fields.Count - 1; i >= 0; i--) PushEntry(newId, known, (fields.FirstType + (i * fields.Step)) / 4);
    }

    private void PushEntry(int newId, int known, int word)
    {
        uint one = _graph[newId][word], two = _graph[known][word];
        if (one != two) _pairs.Push(((int)one, (int)two));
    }

    private bool HasSamePrototype(int one, int two)
    {
        if (_graph.Info(one) != _graph.Info(two)) return false;
        ReadOnlySpan<uint> a = _graph[one], b = _graph[two];
        for (int i = 3; i < a.Length; i += 2)
        {
            if (a[i] != b[i]) return false;
        }

        return true;
    }

    /// <summary>Compares two types of one file by shape, to a limited depth.</summary>
    private bool IsIdentical(int one, int two, int depth)
    {
        if (one == two) return true;
        if (depth == 0 || --_identicalSteps < 0) return false;
        _budget.Spend(4 + _graph.Length(one));
        BtfKind kind = _graph.Kind(one);
        if (kind != _graph.Kind(two) || _graph.Name(one) != _graph.Name(two) || _graph.Info(one) != _graph.Info(two)) return false;
        switch (kind)
        {
            case BtfKind.Struct or BtfKind.Union:
                if (!LooksEqual(one, two)) return false;
                break;
            case BtfKind.FunctionPrototype:
                if (!HasSamePrototype(one, two)) return false;
                break;
            case BtfKind.Array:
                if (_graph[one][5] != _graph[two][5]) return false;
                break;
            case BtfKind.Pointer or BtfKind.Const or BtfKind.Volatile or BtfKind.Restrict or BtfKind.Typedef or BtfKind.TypeTag or BtfKind.Function:
                break;
            case BtfKind.Int or BtfKind.Float or BtfKind.Forward or BtfKind.Enum or BtfKind.Enum64:
                return IsSameRecord(one, two);
            default:
                return false;
        }

        BtfFields fields = _graph.Fields(one);
        if (fields.HeadIsType && !IsIdentical((int)_graph.Third(one), (int)_graph.Third(two), depth - 1)) return false;
        for (int i = 0; i < fields.Count; i++)
        {
            int at = (fields.FirstType + (i * fields.Step)) / 4;
            if (!IsIdentical((int)_graph[one][at], (int)_graph[two][at], depth - 1)) return false;
        }

        return true;
    }

    /// <summary>A declaration that was found to mean a definition is that definition.</summary>
    private int ResolveForward(int id)
    {
        if (_graph.Kind(id) != BtfKind.Forward) return id;
        int resolved = Resolve(id);
        return _graph.Kind(resolved) == BtfKind.Forward ? id : resolved;
    }

    /// <summary>Takes what was assumed as proven: declarations are their definitions, and parts of equal structs are equal.</summary>
    private void Accept()
    {
        foreach (int assumed in _assumed)
        {
            int known = Resolve(assumed), newId = Resolve(_hypothesis[assumed]);
            BtfKind knownKind = _graph.Kind(known), newKind = _graph.Kind(newId);

            // In split BTF even a declaration of the base is mapped, for types behind it may be found through it.
            if (newKind == BtfKind.Forward && knownKind != BtfKind.Forward) _map[newId] = known;
            else if (knownKind == BtfKind.Forward && newKind != BtfKind.Forward) _map[known] = newId;

            // When the base would have to change for it, the graphs were not the same after all.
            if (_changesBase) continue;
            bool isComposite = newKind is BtfKind.Struct or BtfKind.Union || (newKind == BtfKind.Typedef && _shapes is not null);
            if (isComposite && knownKind != BtfKind.Forward && IsMapped(known) && !IsMapped(newId))
                _map[newId] = known;
        }
    }
}
