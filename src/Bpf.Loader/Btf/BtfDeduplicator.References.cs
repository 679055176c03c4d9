using System;
using System.Collections.Generic;

namespace Bpf.Loader.Btf;

internal sealed partial class BtfDeduplicator
{
    private readonly Stack<int> _open = [];

    /// <summary>
    /// Maps a type that consists of what it refers to, after that was mapped: a chain of pointers and qualifiers, arrays, functions.
    /// The types that it refers to are replaced by those that stand for them, so that equal types have equal records.
    /// </summary>
    private void MapReference(int id)
    {
        _open.Push(id);
        while (_open.TryPeek(out int open))
        {
            if (IsMapped(open))
            {
                _open.Pop();
            }
            else if (_map[open] == InProgress)
            {
                _open.Pop();
                Finish(open);
            }
            else
            {
                _map[open] = InProgress;
                OpenReferences(open);
            }
        }
    }

    private void OpenReferences(int id)
    {
        BtfFields fields = _graph.Fields(id);
        if (fields.HeadIsType) Open(id, (int)_graph.Third(id));
        for (int i = 0; i < fields.Count && fields.FirstType != 0; i++) Open(id, (int)_graph[id][(fields.FirstType + (i * fields.Step)) / 4]);
    }

    private void Open(int id, int reference)
    {
        if (IsMapped(reference)) return;
        if (_map[reference] == InProgress)
            throw new BpfFormatException($"Type [{id}] refers to itself through type [{reference}] without a struct in between.", ".BTF types", null, BpfDiagnosticId.BadBtfReference);
        _open.Push(reference);
    }

    private void Finish(int id)
    {
        BtfFields fields = _graph.Fields(id);
        Span<uint> record = _graph[id];
        if (fields.HeadIsType) record[2] = (uint)Resolve((int)record[2]);
        for (int i = 0; i < fields.Count && fields.FirstType != 0; i++)
        {
            ref uint reference = ref record[(fields.FirstType + (i * fields.Step)) / 4];
            reference = (uint)Resolve((int)reference);
        }

        uint hash = Hash(id);
        int found = id;
        for (int candidate = _table.First(hash); candidate != 0 && found == id; candidate = _table.Next(candidate))
        {
            if (IsSameRecord(id, candidate)) found = candidate;
        }

        _map[id] = found;
        if (found == id) _table.Add(hash, id);
    }
}
