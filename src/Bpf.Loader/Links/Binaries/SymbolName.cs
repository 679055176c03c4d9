using System;
using System.Text;

namespace Bpf.Loader.Links.Binaries;

/// <summary>A function name as it is asked for: <c>NAME</c>, <c>NAME@VERSION</c> or <c>NAME@@VERSION</c>.</summary>
internal sealed class SymbolName
{
    private readonly byte[] _text;

    public SymbolName(string text)
    {
        Text = text;
        _text = Encoding.UTF8.GetBytes(text);
        int at = _text.AsSpan().IndexOf((byte)'@');
        HasVersion = at >= 0;
        Name = at < 0 ? _text : _text[..at];
    }

    /// <summary>The name as it was given.</summary>
    public string Text { get; }

    public bool HasVersion { get; }

    /// <summary>The name without its version.</summary>
    public byte[] Name { get; }

    private ReadOnlySpan<byte> Version => _text.AsSpan(Name.Length).TrimStart((byte)'@');

    /// <summary>The text that a table has: beside dynamic symbols their versions are kept, and in .symtab the linker leaves them in the names.</summary>
    public byte[] TextIn(BinarySymbolTable table) => table.IsDynamic ? Name : _text;

    /// <summary>True when a symbol with the name has the version as well; those of the dynamic table are kept beside it.</summary>
    public bool HasVersionOf(uint symbol, SymbolVersions? versions) =>
        !HasVersion || versions is null || versions.NameOf(symbol).SequenceEqual(Version);
}
