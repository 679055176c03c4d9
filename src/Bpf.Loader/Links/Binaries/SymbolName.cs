using System;
using System.Text;

namespace Bpf.Loader.Links.Binaries;

/// <summary>A function name as it is asked for: <c>NAME</c>, <c>NAME@VERSION</c> or <c>NAME@@VERSION</c>.</summary>
internal sealed class SymbolName
{
    private readonly byte[] _text;
    private readonly int _nameLength;

    public SymbolName(string text)
    {
        Text = text;
        _text = Encoding.UTF8.GetBytes(text);
        int at = _text.AsSpan().IndexOf((byte)'@');
        _nameLength = at < 0 ? _text.Length : at;
    }

    /// <summary>The name as it was given.</summary>
    public string Text { get; }

    public bool HasVersion => _nameLength < _text.Length;

    private ReadOnlySpan<byte> Name => _text.AsSpan(0, _nameLength);

    private ReadOnlySpan<byte> Version => _text.AsSpan(_nameLength).TrimStart((byte)'@');

    /// <summary>True when a symbol of a table bears this name; versions of the dynamic table are kept beside it.</summary>
    public bool Matches(ReadOnlySpan<byte> symbol, int index, in SymbolVersions? versions)
    {
        if (!symbol.StartsWith(Name)) return false;
        // In .symtab the linker leaves versions in the names themselves.
        if (symbol.Length > _nameLength && symbol[_nameLength] != '@') return false;
        if (!HasVersion) return true;
        return versions is SymbolVersions table ? table.NameOf(index).SequenceEqual(Version) : symbol.SequenceEqual(_text);
    }
}
