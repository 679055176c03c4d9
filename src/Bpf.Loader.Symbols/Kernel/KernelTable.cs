using System;
using System.Buffers.Text;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Bpf.Loader.Symbols.Kernel;

/// <summary>The functions of the kernel, of its modules and of BPF programs, by their addresses.</summary>
internal sealed class KernelTable
{
    // No function is longer; what is further away lies behind the end of the kernel's or a module's code.
    private const ulong Longest = 1 << 20;

    private readonly Dictionary<int, string> _shown = [];
    private readonly List<string> _modules = [""];
    private readonly Dictionary<string, ulong> _moduleEnds = [];
    private ulong[] _starts = [];
    private int[] _names = [];
    private ushort[] _owners = [];
    private byte[] _texts = [];
    private ulong _endOfText;

    /// <summary>Whether the kernel shows every address as 0.</summary>
    public bool AreAddressesHidden { get; private set; }

    /// <summary>How many functions there are.</summary>
    public int Count => _starts.Length;

    /// <summary>Reads the kernel's symbols.</summary>
    /// <param name="symbols"><c>/proc/kallsyms</c>, whose lines are <c>ffffffff81000000 T _text [module]</c>.</param>
    /// <param name="modules"><c>/proc/modules</c>, whose lines are <c>veth 45056 0 - Live 0xffffffffc0540000</c>.</param>
    public static KernelTable Read(ReadOnlySpan<byte> symbols, ReadOnlySpan<byte> modules)
    {
        var table = new KernelTable();
        table.AddEnds(modules);
        table.Add(symbols);
        return table;
    }

    /// <summary>The function that an address is in.</summary>
    public bool TryFind(ulong address, out Symbol symbol)
    {
        symbol = default;
        int index = Array.BinarySearch(_starts, address);
        if (index < 0) index = ~index - 1;
        if (index < 0) return false;
        // Of several names at one address the first is taken, as the kernel does in its own messages.
        while (index > 0 && _starts[index - 1] == _starts[index]) index--;
        ulong offset = address - _starts[index];
        if (offset >= Longest || (_starts[index] < _endOfText && address >= _endOfText)) return false;
        if (!_shown.TryGetValue(index, out string? name)) _shown.Add(index, name = NameOf(index));
        string module = _modules[_owners[index]];
        // What was loaded since lies behind modules, too: other modules, and BPF programs.
        if (_moduleEnds.TryGetValue(module, out ulong moduleEnd) && address >= moduleEnd) return false;
        symbol = module switch
        {
            "" => new Symbol(name, "[kernel]", SymbolKind.Kernel, offset),
            "[bpf]" => new Symbol(name, module, SymbolKind.BpfProgram, offset),
            _ => new Symbol(name, module, SymbolKind.KernelModule, offset),
        };
        return true;
    }

    // Size and place; before Linux 6.4 its data are part of that, and since then counted but elsewhere: no end is too near.
    private void AddEnds(ReadOnlySpan<byte> modules)
    {
        foreach (Range range in modules.Split((byte)'\n'))
        {
            string[] words = Encoding.UTF8.GetString(modules[range]).Split(' ');
            if (words.Length < 6 || !ulong.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out ulong size)) continue;
            if (ulong.TryParse(words[5].AsSpan().TrimStart("0x"), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong start) && start != 0)
                _moduleEnds[$"[{words[0]}]"] = start + size;
        }
    }

    private void Add(ReadOnlySpan<byte> symbols)
    {
        var starts = new List<ulong>(1 << 17);
        var names = new List<int>(1 << 17);
        var owners = new List<ushort>(1 << 17);
        byte[] texts = new byte[symbols.Length / 2];
        int length = 0;
        bool isHidden = !symbols.IsEmpty;
        while (!symbols.IsEmpty)
        {
            int end = symbols.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? symbols : symbols[..end];
            symbols = end < 0 ? default : symbols[(end + 1)..];
            if (!Utf8Parser.TryParse(line, out ulong address, out int used, 'x') || line.Length < used + 4 || line[used + 1] is not ((byte)'t' or (byte)'T' or (byte)'w' or (byte)'W')) continue;
            isHidden &= address == 0;
            ReadOnlySpan<byte> name = line[(used + 3)..];
            int tab = name.IndexOf((byte)'\t');
            ushort owner = tab < 0 ? (ushort)0 : OwnerOf(name[(tab + 1)..]);
            if (tab >= 0) name = name[..tab];
            if (name.SequenceEqual("_etext"u8)) _endOfText = address;
            if (length + name.Length + 1 > texts.Length) Array.Resize(ref texts, (texts.Length * 2) + name.Length + 1);
            starts.Add(address);
            names.Add(length);
            owners.Add(owner);
            name.CopyTo(texts.AsSpan(length));
            length += name.Length + 1;
        }

        AreAddressesHidden = isHidden;
        if (isHidden) return;
        _texts = texts.AsSpan(0, length).ToArray();
        int[] order = [.. System.Linq.Enumerable.Range(0, starts.Count)];
        _starts = [.. starts];
        Array.Sort(_starts, order);
        StableRuns(order);
        _names = Array.ConvertAll(order, index => names[index]);
        _owners = Array.ConvertAll(order, index => owners[index]);
    }

    // Those at one address are to stay in the order in which the kernel has them.
    private void StableRuns(int[] order)
    {
        for (int start = 0; start < order.Length;)
        {
            int end = start + 1;
            while (end < order.Length && _starts[end] == _starts[start]) end++;
            if (end - start > 1) Array.Sort(order, start, end - start);
            start = end;
        }
    }

    private ushort OwnerOf(ReadOnlySpan<byte> name)
    {
        if (_modules.Count > 1 && Encoding.UTF8.GetString(name) is string last && _modules[^1] == last) return (ushort)(_modules.Count - 1);
        string module = Encoding.UTF8.GetString(name);
        int known = _modules.IndexOf(module);
        if (known >= 0) return (ushort)known;
        if (_modules.Count == ushort.MaxValue) return 0;
        _modules.Add(module);
        return (ushort)(_modules.Count - 1);
    }

    private string NameOf(int index)
    {
        ReadOnlySpan<byte> text = _texts.AsSpan(_names[index]);
        int end = text.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? text : text[..end]);
    }
}
