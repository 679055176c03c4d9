using System;
using System.Numerics;

namespace Bpf.Loader.Btf;

/// <summary>
/// All types of a BTF and its bases as words in the byte order of this machine, for algorithms that compare types with each
/// other: names are equal when their offsets are.
/// </summary>
internal sealed class BtfTypeGraph
{
    // Names may be the tails of one long name, or be made to have one hash.
    private const long LeastNames = 64 << 20, NamesPerByte = 64;

    private readonly uint[] _void = new uint[3];
    private readonly uint[] _words;
    private readonly int[] _at;
    private readonly uint[] _canonical; // offset of a string -> offset of its first equal + 1
    private readonly uint[] _slots;
    private readonly BtfBudget _names; // in characters that are compared

    public BtfTypeGraph(BtfReader btf)
    {
        Btf = btf;
        long length = 0;
        for (BtfReader? part = btf; part is not null; part = part.Base) length += part.Types.Length;
        _words = new uint[length / 4];
        _at = new int[btf.TypeCount];
        _canonical = new uint[btf.StringEnd];
        _names = new BtfBudget(LeastNames + (NamesPerByte * btf.StringEnd));
        _slots = new uint[BitOperations.RoundUpToPowerOf2(btf.StringEnd + 1)];
        Load(btf);
        for (int id = 1; id < Count; id++) Prepare(id);
    }

    public BtfReader Btf { get; }

    public int Count => _at.Length;

    public int FirstId => Btf.FirstId;

    /// <summary>The size of all records together, in words.</summary>
    public int WordCount => _words.Length;

    /// <summary>The record of a type; for <c>void</c>, three zero words.</summary>
    public Span<uint> this[int id] => id == 0 ? _void : _words.AsSpan(_at[id], (id + 1 < Count ? _at[id + 1] : _words.Length) - _at[id]);

    public BtfKind Kind(int id) => id == 0 ? BtfKind.Void : BtfType.KindOf(_words[_at[id] + 1]);

    public uint Name(int id) => id == 0 ? 0 : _words[_at[id]];

    public uint Info(int id) => id == 0 ? 0 : _words[_at[id] + 1];

    /// <summary>The third word: a size or a type.</summary>
    public uint Third(int id) => id == 0 ? 0 : _words[_at[id] + 2];

    public int Length(int id) => BtfType.VariableLengthOf(Info(id));

    public BtfFields Fields(int id) => id == 0 ? default : BtfFields.Of(Kind(id), Length(id));

    /// <summary>The offset that stands for all equal strings.</summary>
    public uint Share(uint offset)
    {
        if (offset == 0) return 0;
        if (offset >= (uint)_canonical.Length) throw new BpfFormatException($"A name lies at offset 0x{offset:x}, outside of the strings.", ".BTF", null, BpfDiagnosticId.BadBtfStrings);
        if (_canonical[offset] != 0) return _canonical[offset] - 1;
        ReadOnlySpan<byte> text = Btf.GetStringUtf8(offset);
        uint found = text.IsEmpty ? 0 : FindOrAdd(text, offset);
        _canonical[offset] = found + 1;
        return found;
    }

    private uint FindOrAdd(ReadOnlySpan<byte> text, uint offset)
    {
        // There are more slots than strings can be, so the search ends.
        for (uint slot = BtfHash.Of(text); ; slot++)
        {
            _names.Spend(text.Length + 1);
            ref uint entry = ref _slots[slot & (uint)(_slots.Length - 1)];
            if (entry == 0) entry = offset;
            if (entry == offset || Btf.GetStringUtf8(entry).SequenceEqual(text)) return entry;
        }
    }

    private int Load(BtfReader btf)
    {
        int at = btf.Base is null ? 0 : Load(btf.Base);
        MemoryBlock types = btf.Types;
        ReadOnlySpan<int> offsets = btf.TypeOffsets;
        for (int i = 0; i < offsets.Length; i++)
        {
            _at[btf.FirstId + i] = at + (offsets[i] / 4);
            BtfKind kind = BtfType.KindOf(types.UInt32(offsets[i] + 4));
            if (BtfType.ExtraSize(kind, 0) < 0)
                throw new BpfFormatException($"Type [{btf.FirstId + i}] has kind {(int)kind}, whose references are not known.", ".BTF types", offsets[i], BpfDiagnosticId.BadBtfType);
        }

        for (int i = 0; i < types.Length / 4; i++) _words[at + i] = types.UInt32(i * 4);
        return at + (types.Length / 4);
    }

    private void Prepare(int id)
    {
        Span<uint> record = this[id];
        record[0] = Share(record[0]);
        BtfFields fields = Fields(id);
        if (fields.HeadIsType) Check(id, record[2]);
        for (int i = 0; i < fields.Count; i++)
        {
            ref uint name = ref record[(fields.FirstName + (i * fields.Step)) / 4];
            if (fields.FirstName != 0) name = Share(name);
            if (fields.FirstType != 0) Check(id, record[(fields.FirstType + (i * fields.Step)) / 4]);
        }
    }

    private void Check(int id, uint reference)
    {
        if (reference >= (uint)Count)
            throw new BpfFormatException($"Type [{id}] refers to type [{reference}], which does not exist.", ".BTF types", null, BpfDiagnosticId.BadBtfReference);
    }
}
