using System;
using System.Runtime.InteropServices;

namespace Bpf.Loader.Btf;

internal sealed partial class BtfDeduplicator
{
    /// <summary>Writes the types that stand for themselves, under new ids, with the strings that they use.</summary>
    private BtfDeduplication Write(BtfExtReader? ext, bool keepStrings)
    {
        BtfReader source = _graph.Btf;
        int[] ids = new int[_graph.Count];
        int next = 0, words = 0;
        for (int id = 0; id < _graph.Count; id++)
        {
            if (id < _graph.FirstId)
            {
                ids[id] = id;
                next = id + 1;
            }
            else if (_map[id] == id)
            {
                ids[id] = next++;
                words += _graph[id].Length;
            }
        }

        for (int id = _graph.FirstId; id < _graph.Count; id++) ids[id] = ids[Resolve(id)];

        // In the order in which the types that were there used them, as libbpf does.
        var strings = new BtfStringTable(source.Base, keepStrings ? source.Strings.Span : []);
        uint[] types = new uint[words];
        int at = 0;
        for (int id = _graph.FirstId; id < _graph.Count; id++)
        {
            Span<uint> record = _graph[id];
            BtfFields fields = _graph.Fields(id);
            record[0] = Move(strings, record[0]);
            if (fields.HeadIsType) record[2] = (uint)ids[Resolve((int)record[2])];
            for (int i = 0; i < fields.Count; i++)
            {
                ref uint name = ref record[(fields.FirstName + (i * fields.Step)) / 4];
                if (fields.FirstName != 0) name = Move(strings, name);
                ref uint type = ref record[(fields.FirstType + (i * fields.Step)) / 4];
                if (fields.FirstType != 0) type = (uint)ids[Resolve((int)type)];
            }

            if (_map[id] != id) continue;
            record.CopyTo(types.AsSpan(at));
            at += record.Length;
        }

        byte[]? movedExt = ext is null ? null : MoveExt(ext, ids, strings);
        byte[] layout = source.OwnLayoutBytes.ToArray();
        if (source.IsBigEndian == BitConverter.IsLittleEndian)
        {
            for (int i = 0; i < layout.Length; i += 4) layout.AsSpan(i + 2, 2).Reverse();
        }

        byte[] raw = BtfBlob.Write(MemoryMarshal.AsBytes<uint>(types), layout, strings.Bytes, source.IsBigEndian);
        return new BtfDeduplication(BtfReader.Read(raw, source.Base), movedExt is null ? null : BtfExtReader.Read(movedExt), ids);
    }

    private uint Move(BtfStringTable strings, uint name)
    {
        uint moved = strings.Add(_graph.Btf.GetStringUtf8(name), out int added);
        _nameBudget.Spend(added);
        return moved;
    }

    private byte[] MoveExt(BtfExtReader ext, int[] ids, BtfStringTable strings)
    {
        var builder = new BtfExtBuilder();
        foreach (BtfExtSection<BtfFuncInfo> section in ext.Functions)
        {
            uint name = Move(strings, section.NameOffset);
            foreach (BtfFuncInfo record in section) builder.Add(name, record with { TypeId = MoveId(ids, record.TypeId) });
        }

        foreach (BtfExtSection<BtfLineInfo> section in ext.Lines)
        {
            uint name = Move(strings, section.NameOffset);
            foreach (BtfLineInfo record in section)
                builder.Add(name, record with { FileNameOffset = Move(strings, record.FileNameOffset), LineOffset = Move(strings, record.LineOffset) });
        }

        foreach (BtfExtSection<BtfCoReRecord> section in ext.CoReRecords)
        {
            uint name = Move(strings, section.NameOffset);
            foreach (BtfCoReRecord record in section)
                builder.Add(name, record with { TypeId = MoveId(ids, record.TypeId), AccessStringOffset = Move(strings, record.AccessStringOffset) });
        }

        return builder.ToArray(ext.IsBigEndian);
    }

    private static BtfTypeId MoveId(int[] ids, BtfTypeId id) => (uint)id.Value < (uint)ids.Length
        ? new BtfTypeId(ids[id.Value])
        : throw new BpfFormatException($"A record refers to type {id}, which does not exist.", ".BTF.ext", null, BpfDiagnosticId.BadBtfExt);
}
