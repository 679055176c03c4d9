using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Bpf.Loader.Btf;

/// <summary>
/// Writes BTF in the byte order of this machine: begun empty, from what a reader holds, or going on from a base. Types are
/// appended, and what a loader must change is edited in place; ids move by <see cref="Permute"/> only.
/// </summary>
/// <remarks>Not safe for use by several threads at once.</remarks>
public sealed partial class BtfBuilder
{
    // The length has 24 bits in the newest headers and 16 in those before; an older kernel refuses a longer type itself.
    private const int MaximumLength = 0xffffff;

    private readonly BtfStringTable _strings;
    private readonly int _firstId;
    private byte[] _types;
    private int _typesLength;
    private int[] _offsets;
    private int _count;
    private byte[] _layout = [];

    /// <summary>Begins with nothing but <c>void</c>.</summary>
    public BtfBuilder() : this(null, [], [], [])
    {
    }

    /// <summary>Begins with a copy of all types and strings of a reader, under the same ids and on the same base.</summary>
    /// <exception cref="BpfFormatException">The BTF is of the other byte order and has kinds that are not known here.</exception>
    public BtfBuilder(BtfReader source) : this(Checked(source).Base, source.Types.Span, source.Strings.Span, source.TypeOffsets)
    {
        if (source.IsBigEndian != BitConverter.IsLittleEndian)
        {
            _layout = source.OwnLayoutBytes.ToArray();
            return;
        }

        // Every field of every known kind is a 32-bit word. A kind that is not known may hold others; the layout section, which
        // exists to skip such kinds, is then of no use any more.
        foreach (int offset in source.TypeOffsets)
        {
            BtfKind kind = BtfType.KindOf(source.Types.UInt32(offset + 4));
            if (BtfType.ExtraSize(kind, 0) < 0)
                throw new BpfFormatException($"Kind {(int)kind} cannot be converted to the byte order of this machine.", ".BTF types", offset, BpfDiagnosticId.BadBtfType);
        }

        Span<uint> words = MemoryMarshal.Cast<byte, uint>(_types.AsSpan(0, _typesLength));
        BinaryPrimitives.ReverseEndianness(words, words);
    }

    private BtfBuilder(BtfReader? baseBtf, ReadOnlySpan<byte> types, ReadOnlySpan<byte> strings, ReadOnlySpan<int> offsets)
    {
        Base = baseBtf;
        _firstId = baseBtf?.TypeCount ?? 1;
        _strings = new BtfStringTable(baseBtf, strings);
        _types = types.ToArray();
        _typesLength = _types.Length;
        _offsets = offsets.ToArray();
        _count = _offsets.Length;
    }

    /// <summary>The BTF that this one goes on from, or null.</summary>
    public BtfReader? Base { get; }

    /// <summary>The number of types, <c>void</c> and those of the base included; the next type gets this id.</summary>
    public int TypeCount => _firstId + _count;

    /// <summary>Begins split BTF: ids and strings go on where those of a base end.</summary>
    public static BtfBuilder SplitOn(BtfReader baseBtf) => new(Checked(baseBtf), [], [], []);

    /// <summary>The offset of a string, which is added when it is not there yet; the empty string is at 0.</summary>
    /// <exception cref="ArgumentException">The string has a NUL character.</exception>
    public uint AddString(ReadOnlySpan<byte> utf8) => _strings.Add(utf8);

    /// <summary>The offset of a string, which is added when it is not there yet; null and the empty string are at 0.</summary>
    /// <exception cref="ArgumentException">The string has a NUL character.</exception>
    public uint AddString(string? text) => string.IsNullOrEmpty(text) ? 0 : _strings.Add(Encoding.UTF8.GetBytes(text));

    /// <summary>The whole BTF as bytes, as the kernel takes it.</summary>
    public byte[] ToArray() => ToArray(!BitConverter.IsLittleEndian);

    /// <summary>The whole BTF as bytes in a byte order, as for an object that is linked for another machine.</summary>
    public byte[] ToArray(bool isBigEndian) => BtfBlob.Write(_types.AsSpan(0, _typesLength), _layout, _strings.Bytes, isBigEndian);

    /// <summary>A reader over a copy of what was built so far.</summary>
    /// <exception cref="BpfFormatException">A type was given an id that does not exist.</exception>
    public BtfReader ToReader() => BtfReader.Read(ToArray(), Base);

    /// <summary>
    /// Adds the table that says of each known kind how long its records are (the layout section, which Linux 7.3 reads), by which readers skip kinds that
    /// came after them. Older kernels and readers do not take it; a load leaves it out for them.
    /// </summary>
    public void AddLayout() => _layout = BtfLayout.Write(_layout);

    /// <summary>Leaves out the section that describes unknown kinds, which older kernels do not take.</summary>
    internal void RemoveLayout() => _layout = [];

    private static BtfReader Checked(BtfReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return reader;
    }

    /// <summary>Appends a type of three words and <paramref name="extra"/> bytes, which are zero.</summary>
    private BtfTypeId Append(uint name, BtfKind kind, bool flag, int length, uint sizeOrType, int extra = 0)
    {
        int at = _typesLength;
        Reserve(BtfType.HeaderSize + extra);
        if (_count == _offsets.Length) Array.Resize(ref _offsets, Math.Max(16, _count * 2));
        _offsets[_count++] = at;
        Write(_types, at, name);
        Write(_types, at + 4, Info(kind, flag, length));
        Write(_types, at + 8, sizeOrType);
        return new BtfTypeId(_firstId + _count - 1);
    }

    /// <summary>Makes room for more bytes at the end, which are zero.</summary>
    private Span<byte> Reserve(int bytes)
    {
        int at = _typesLength, end = checked(at + bytes);
        if (end > _types.Length) Array.Resize(ref _types, (int)Math.Min(Math.Max(1024L, 2L * end), Array.MaxLength));
        _typesLength = end;
        Span<byte> added = _types.AsSpan(at, bytes);
        added.Clear();
        return added;
    }

    private static uint Info(BtfKind kind, bool flag, int length) => (flag ? 0x80000000 : 0) | ((uint)kind << 24) | (uint)length;

    private uint Word(int offset) => MemoryMarshal.Read<uint>(_types.AsSpan(offset));

    private static void Write(Span<byte> bytes, int offset, uint value) => MemoryMarshal.Write(bytes[offset..], in value);
}
