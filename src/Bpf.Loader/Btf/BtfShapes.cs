using System;
using System.Collections.Generic;

namespace Bpf.Loader.Btf;

/// <summary>
/// A number for each type that says what it looks like with all that it is made of: types with different numbers are not the same.
/// What stands behind a name that is somewhere only declared is left out, and so are loops; there the name alone counts.
/// </summary>
internal sealed class BtfShapes
{
    private const uint Unknown = 0;
    private const uint TypedefSeed = 3; // structs and unions have 1 and 2

    private readonly BtfTypeGraph _graph;
    private readonly HashSet<uint> _declared = [];
    private readonly uint[] _shapes;
    private readonly int[] _unseen; // how many of the types that a type is made of have no number yet
    private readonly int[] _firstUser;
    private readonly int[] _users;
    private readonly Stack<int> _ready = [];
    private readonly BtfBudget _budget;
    private readonly int[] _walks; // the last walk that came by
    private int _lastWalk;

    private BtfShapes(BtfTypeGraph graph, BtfBudget budget)
    {
        _graph = graph;
        _budget = budget;
        _walks = new int[graph.Count];
        _shapes = new uint[graph.Count];
        _unseen = new int[graph.Count];
        _firstUser = new int[graph.Count + 1];
        for (int id = 1; id < graph.Count; id++)
        {
            if (graph.Kind(id) == BtfKind.Forward || (IsEnum(id) && graph.Length(id) == 0)) _declared.Add(graph.Name(id));
            Visit(id, (_, part) => _firstUser[part + 1]++);
        }

        for (int id = 0; id < graph.Count; id++) _firstUser[id + 1] += _firstUser[id];
        _users = new int[_firstUser[graph.Count]];
        int[] next = _firstUser.AsSpan(0, graph.Count).ToArray();
        for (int id = 1; id < graph.Count; id++)
        {
            Visit(id, (user, part) =>
            {
                _users[next[part]++] = user;
                _unseen[user]++;
            });
        }
    }

    /// <summary>The numbers, by type.</summary>
    /// <exception cref="BpfFormatException">The types refer to each other in a way that types of C cannot, or are made up to take very long.</exception>
    public static uint[] Of(BtfTypeGraph graph, BtfBudget budget)
    {
        var shapes = new BtfShapes(graph, budget);
        shapes.Number();
        return shapes._shapes;
    }

    private void Number()
    {
        // From the types that are made of nothing to those that are made of them: neither loops nor declared names are reached.
        for (int id = 1; id < _graph.Count; id++) TryNumber(id);
        Spread();

        // What is left has one of them somewhere. Named types break the loops, by their names; then those without a name, by their size.
        for (int id = 1; id < _graph.Count; id++)
        {
            if (IsDeclared(id) || (IsComposite(id) && _graph.Name(id) != 0)) Number(id, BtfHash.Add(IsUnion(id) ? 2u : 1u, _graph.Name(id)));
        }

        Spread();
        for (int id = 1; id < _graph.Count; id++)
        {
            if (IsComposite(id)) Number(id, BtfHash.Add(_graph.Info(id), _graph.Third(id)));
        }

        Spread();
        for (int id = 1; id < _graph.Count; id++)
        {
            while (_shapes[id] == Unknown) BreakLoop(id);
        }
    }

    /// <summary>
    /// Numbers a typedef of the loop that a type leads into by its name: the types of Go have such loops, without a struct in them, and
    /// libbpf takes them since 1.7. Only one of each loop, so that the others are told apart by their way to it.
    /// </summary>
    private void BreakLoop(int start)
    {
        int loop = start;
        for (_lastWalk++; _walks[loop] != _lastWalk; loop = Next(loop)) _walks[loop] = _lastWalk;
        int first = 0, member = loop;
        do
        {
            // The same one in each copy of the loop.
            if (_graph.Kind(member) == BtfKind.Typedef && (first == 0 || (_graph.Name(member), member).CompareTo((_graph.Name(first), first)) < 0)) first = member;
            member = Next(member);
        }
        while (member != loop);

        if (first == 0)
            throw new BpfFormatException($"Type [{loop}] refers to itself without a struct or typedef in between.", ".BTF types", null, BpfDiagnosticId.BadBtfReference);
        Number(first, BtfHash.Add(TypedefSeed, _graph.Name(first)));
        Spread();
    }

    // What has no number is made of something that has none.
    private int Next(int id)
    {
        _budget.Spend(_graph[id].Length);
        int next = 0;
        Visit(id, (_, part) =>
        {
            if (next == 0 && _shapes[part] == Unknown) next = part;
        });
        return next;
    }

    private void Number(int id, ulong hash)
    {
        if (_shapes[id] != Unknown) return;
        _shapes[id] = Math.Max(BtfHash.Finish(hash), Unknown + 1);
        _ready.Push(id);
    }

    private void Spread()
    {
        while (_ready.TryPop(out int part))
        {
            foreach (int user in _users.AsSpan(_firstUser[part].._firstUser[part + 1]))
            {
                _unseen[user]--;
                TryNumber(user);
            }
        }
    }

    private void TryNumber(int id)
    {
        if (_unseen[id] != 0 || _shapes[id] != Unknown || IsDeclared(id)) return;
        uint[] look = _graph[id].ToArray();
        BtfFields fields = _graph.Fields(id);
        if (fields.HeadIsType) look[2] = _shapes[look[2]];
        for (int i = 0; i < fields.Count && fields.FirstType != 0; i++)
        {
            ref uint part = ref look[(fields.FirstType + (i * fields.Step)) / 4];
            part = _shapes[part];
        }

        ulong hash = 0;
        foreach (uint word in look) hash = BtfHash.Add(hash, word);
        Number(id, hash);
    }

    private void Visit(int id, Action<int, int> visit)
    {
        BtfFields fields = _graph.Fields(id);
        ReadOnlySpan<uint> record = _graph[id];
        if (fields.HeadIsType && record[2] != 0) visit(id, (int)record[2]);
        for (int i = 0; i < fields.Count && fields.FirstType != 0; i++)
        {
            uint part = record[(fields.FirstType + (i * fields.Step)) / 4];
            if (part != 0) visit(id, (int)part);
        }
    }

    private bool IsDeclared(int id) => _graph.Kind(id) == BtfKind.Forward || ((IsComposite(id) || IsEnum(id)) && _declared.Contains(_graph.Name(id)));

    private bool IsComposite(int id) => _graph.Kind(id) is BtfKind.Struct or BtfKind.Union;

    private bool IsEnum(int id) => _graph.Kind(id) is BtfKind.Enum or BtfKind.Enum64;

    private bool IsUnion(int id) => _graph.Kind(id) == BtfKind.Union || (_graph.Kind(id) == BtfKind.Forward && _graph.Info(id) >> 31 != 0);
}
