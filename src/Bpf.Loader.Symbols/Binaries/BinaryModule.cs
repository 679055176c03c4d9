using System;
using Microsoft.Win32.SafeHandles;

namespace Bpf.Loader.Symbols.Binaries;

/// <summary>A binary whose functions were read: from itself, or from its debug file.</summary>
internal sealed class BinaryModule : IDisposable
{
    private readonly ElfBinary? _binary;
    private readonly FunctionTable? _functions;
    private readonly string _problem;
    private readonly string _placeholder;

    private BinaryModule(string path, ElfBinary? binary, FunctionTable? functions, string? problem)
    {
        Path = path;
        _binary = binary;
        _functions = functions;
        // Made once: of a stripped binary most addresses have no name.
        _problem = problem ?? $"No symbol of '{path}' is at this address: it is stripped, or this is code between functions.";
        _placeholder = $"[{System.IO.Path.GetFileName(path).Trim('[', ']')}]";
    }

    /// <summary>Its path, as its process has it.</summary>
    public string Path { get; }

    /// <summary>Its build id; empty when it has none.</summary>
    public string BuildId => _binary?.BuildId ?? "";

    /// <summary>About how much memory it takes.</summary>
    public long Bytes => 512 + (_functions?.Bytes ?? 0);

    /// <summary>When it was used last, in uses of all.</summary>
    public long LastUse { get; set; }

    /// <summary>Whether it was dropped, and is to be read again.</summary>
    public bool IsDisposed { get; private set; }

    /// <summary>How many functions it has.</summary>
    public int Count => _functions?.Count ?? 0;

    /// <summary>Reads a binary, which the result owns.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="binary">Its headers.</param>
    /// <param name="open">Opens a path as its process sees it; null when debug files are not wanted.</param>
    public static BinaryModule Read(string path, ElfBinary binary, Func<string, SafeFileHandle?>? open)
    {
        if (binary.Find(ElfSection.Symbols) is ElfSection symbols) return new BinaryModule(path, binary, FunctionTable.Read(binary, symbols), null);
        if (open is not null && DebugFile.Find(binary, path, open) is ElfBinary debug && debug.Find(ElfSection.Symbols) is ElfSection all)
        {
            binary.Dispose(); // its headers are kept, and say where it is mapped
            return new BinaryModule(path, binary, FunctionTable.Read(debug, all), null);
        }

        return binary.Find(ElfSection.DynamicSymbols) is ElfSection dynamic
            ? new BinaryModule(path, binary, FunctionTable.Read(binary, dynamic), null)
            : new BinaryModule(path, binary, null, $"'{path}' is stripped, and no debug file of it was found.");
    }

    /// <summary>A binary that cannot be read.</summary>
    public static BinaryModule Unreadable(string path, string problem) => new(path, null, null, problem);

    /// <summary>The function at an offset of the file.</summary>
    public Symbol Find(ulong offset, bool demangle, SymbolKind kind = SymbolKind.Binary)
    {
        if (_binary is null || _functions is null) return Unknown(kind, offset);
        if (!_binary.TryGetAddress(offset, out ulong address)) return Unknown(kind, offset);
        int index = _functions.Find(address);
        if (index < 0) return Unknown(kind, offset);
        (string raw, string shown) = _functions.NameOf(index, demangle);
        return new Symbol(shown, Path, kind, address - _functions.StartOf(index)) { RawName = raw, BuildId = BuildId };
    }

    public void Dispose()
    {
        IsDisposed = true;
        _functions?.Dispose();
        _binary?.Dispose();
    }

    private Symbol Unknown(SymbolKind kind, ulong offset) => Symbol.Unknown(kind, Path, offset, _problem, _placeholder) with { BuildId = BuildId };
}
