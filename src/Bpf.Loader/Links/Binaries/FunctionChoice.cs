using System;
using Bpf.Loader.Elf;

namespace Bpf.Loader.Links.Binaries;

/// <summary>Which of the symbols of a name is meant: strong before weak, the default version before others.</summary>
internal sealed class FunctionChoice(BinaryImage binary, BinarySymbolTable table, SymbolName name)
{
    private readonly SymbolVersions? _versions = table.IsDynamic ? SymbolVersions.Read(binary, table.Names) : null;
    private ulong? _offset;
    private int _rank = -1;
    private bool _isAmbiguous;

    /// <summary>A function of the name into which no probe can go.</summary>
    public BinarySymbol? Misplaced { get; private set; }

    /// <summary>Looks at a symbol that bears the name.</summary>
    public void Add(in BinarySymbol symbol)
    {
        if (!symbol.IsFunction || !name.HasVersionOf(symbol.Index, _versions)) return;
        if (!binary.Segments.TryGetCode(BinarySymbols.CodeAddress(binary, symbol), out ulong offset))
        {
            Misplaced ??= symbol;
            return;
        }

        int rank = (symbol.Binding == ElfSymbolBinding.Weak ? 0 : 2) + (IsDefault(symbol) ? 1 : 0);
        if (rank > _rank)
        {
            _offset = offset;
            _rank = rank;
            _isAmbiguous = false;
        }
        else if (rank == _rank && offset != _offset && symbol.Binding != ElfSymbolBinding.Weak)
        {
            _isAmbiguous = true; // of weak ones the first is as good as the next
        }
    }

    /// <summary>The offset of the function; null when there is none.</summary>
    /// <exception cref="BpfAttachException">There are several.</exception>
    public ulong? Take() => !_isAmbiguous ? _offset : throw new BpfAttachException(
        BpfDiagnosticId.AmbiguousFunction, $"function '{name.Text}' of '{binary.Path}'",
        $"'{binary.Path}' has several different functions named '{name.Text}'.",
        hint: name.HasVersion ? "Give the offset of the one that is meant." : "Give its version as NAME@VERSION, or its offset.");

    private bool IsDefault(in BinarySymbol symbol)
    {
        if (_versions is not null) return _versions.IsDefault(symbol.Index);
        ReadOnlySpan<byte> text = table.NameOf(symbol);
        int at = text.IndexOf((byte)'@');
        return at < 0 || text[at..].StartsWith("@@"u8);
    }
}
