using System;
using System.Collections.Generic;
using System.Text;

namespace Bpf.Loader.Symbols.Binaries;

/// <summary>The functions of a binary by their addresses. Names stay in the file until they are asked for.</summary>
internal sealed class FunctionTable : IDisposable
{
    private const int MostNames = 64, LongestName = 1 << 20;
    private const uint LongestUnsized = 1 << 20;

    private readonly ElfBinary _binary;
    private readonly ElfSection _texts;
    private readonly Function[] _functions;
    private readonly ulong[] _ends; // up to where any function reaches that begins at or before this one
    private readonly Dictionary<int, (string Raw, string Shown)> _names = [];

    private FunctionTable(ElfBinary binary, ElfSection texts, Function[] functions, ulong[] ends)
    {
        _binary = binary;
        _texts = texts;
        _functions = functions;
        _ends = ends;
        Bytes = 64L + (functions.Length * 32L);
    }

    /// <summary>About how much memory it takes.</summary>
    public long Bytes { get; private set; }

    /// <summary>How many functions there are.</summary>
    public int Count => _functions.Length;

    /// <summary>Reads a table of symbols of a binary, which the result owns.</summary>
    public static FunctionTable Read(ElfBinary binary, in ElfSection symbols)
    {
        ReadOnlySpan<ElfSection> sections = binary.Sections;
        ElfSection texts = symbols.Link < (uint)sections.Length ? sections[(int)symbols.Link] : default;
        Function[] functions = FunctionReader.Read(binary, symbols);
        Array.Sort(functions);
        return new FunctionTable(binary, texts, functions, FindEnds(functions));
    }

    /// <summary>The function that an address is in; negative when there is none.</summary>
    public int Find(ulong address)
    {
        int low = 0, high = _functions.Length;
        while (low < high)
        {
            int middle = (int)(((uint)low + (uint)high) / 2);
            if (_functions[middle].Start <= address) low = middle + 1;
            else high = middle;
        }

        // The best of those at one address is the last. A function may lie within another, behind the end of which the other goes on.
        for (int i = low - 1; i >= 0 && address < _ends[i]; i--)
        {
            if (address - _functions[i].Start < _functions[i].Size) return i;
        }

        return -1;
    }

    /// <summary>Where a function begins.</summary>
    public ulong StartOf(int index) => _functions[index].Start;

    /// <summary>The name of a function, as the file has it and as it is shown.</summary>
    public (string Raw, string Shown) NameOf(int index, bool demangle)
    {
        if (_names.TryGetValue(index, out (string Raw, string Shown) name)) return name;
        string raw = ReadName(index);
        // Of several names for one function, that without underscores is the one that programs call it by.
        for (int i = index - 1; i >= 0 && _functions[i].Start == _functions[index].Start && _functions[i].Rank == _functions[index].Rank && i > index - MostNames; i--)
        {
            string other = ReadName(i);
            if (IsBetter(other, raw)) raw = other;
        }

        name = (raw, demangle ? Demangler.Demangle(raw) : raw);
        _names.Add(index, name);
        Bytes += 80 + (2L * raw.Length) + (ReferenceEquals(name.Raw, name.Shown) ? 0 : 24 + (2L * name.Shown.Length));
        return name;
    }

    public void Dispose() => _binary.Dispose();

    private static ulong[] FindEnds(Function[] functions)
    {
        // A function whose size is not known reaches to the next one.
        ulong next = ulong.MaxValue;
        for (int i = functions.Length - 1; i >= 0; i--)
        {
            if (i + 1 < functions.Length && functions[i + 1].Start != functions[i].Start) next = functions[i + 1].Start;
            if (functions[i].Size == 0) functions[i] = functions[i] with { Size = (uint)Math.Min(next - functions[i].Start, LongestUnsized) };
        }

        ulong[] ends = new ulong[functions.Length];
        ulong end = 0;
        for (int i = 0; i < ends.Length; i++)
        {
            ulong own = functions[i].Start + functions[i].Size;
            end = Math.Max(end, own < functions[i].Start ? ulong.MaxValue : own);
            ends[i] = end;
        }

        return ends;
    }

    private static bool IsBetter(string name, string than)
    {
        int mine = Underscores(name), others = Underscores(than);
        if (mine != others) return mine < others;
        return name.Length != than.Length ? name.Length < than.Length : string.CompareOrdinal(name, than) < 0;
    }

    private static int Underscores(string name) => name.Length - name.AsSpan().TrimStart('_').Length;

    private string ReadName(int index)
    {
        ulong offset = _functions[index].Name;
        Span<byte> buffer = stackalloc byte[256];
        for (int room = 256; offset < _texts.Size && room <= LongestName; room *= 8)
        {
            Span<byte> text = room == 256 ? buffer : new byte[room];
            if ((ulong)text.Length > _texts.Size - offset) text = text[..(int)(_texts.Size - offset)];
            text = text[.._binary.Bytes.Read((long)(_texts.Offset + offset), text)];
            int end = text.IndexOf((byte)0);
            if (end >= 0) return Clean(text[..end]);
            if (text.Length < room) break;
        }

        return "";
    }

    // Old linkers left versions in names: memcpy@@GLIBC_2.14
    private static string Clean(ReadOnlySpan<byte> name)
    {
        int version = name.IndexOf((byte)'@');
        return Encoding.UTF8.GetString(version > 0 ? name[..version] : name);
    }
}
