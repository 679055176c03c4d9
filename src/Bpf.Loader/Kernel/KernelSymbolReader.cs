using System;
using System.Buffers.Text;
using System.IO;
using System.Runtime.Versioning;
using System.Text;

namespace Bpf.Loader.Kernel;

/// <summary>Reads /proc/kallsyms from front to back, without a string for any of its 200,000 lines.</summary>
internal sealed class KernelSymbolReader(Stream stream, string source) : IDisposable
{
    private const string Path = "/proc/kallsyms";

    private readonly LineReader _lines = new(stream);
    private long _line;

    /// <summary>Opens the running kernel's.</summary>
    /// <exception cref="BpfException">It cannot be read; nor may reading fail later.</exception>
    [SupportedOSPlatform("linux")]
    public static KernelSymbolReader Open() => new(SystemFile.OpenRead(Path, BpfDiagnosticId.NoKernelSymbols), Path);

    /// <summary>The next symbol.</summary>
    /// <returns><see langword="false"/> at the end.</returns>
    /// <exception cref="BpfFormatException">The line is malformed.</exception>
    public bool TryRead(out KernelSymbol symbol)
    {
        if (!_lines.TryRead(out ReadOnlySpan<byte> line))
        {
            symbol = default;
            return false;
        }

        _line++;
        symbol = Parse(line);
        return true;
    }

    public void Dispose() => _lines.Dispose();

    // "ffffffff81000000 T _text", and behind a tab "[module]".
    private KernelSymbol Parse(ReadOnlySpan<byte> line)
    {
        if (!Utf8Parser.TryParse(line, out ulong address, out int digits, 'x') || line.Length < digits + 4
            || line[digits] != ' ' || line[digits + 2] != ' ')
        {
            throw Malformed(line);
        }

        ReadOnlySpan<byte> name = line[(digits + 3)..];
        ReadOnlySpan<byte> module = default;
        int end = name.IndexOfAny((byte)'\t', (byte)' ');
        if (end >= 0)
        {
            module = name[end..].Trim("\t []"u8);
            name = name[..end];
        }

        return new KernelSymbol { Address = address, Kind = line[digits + 1], Name = name, Module = module };
    }

    private BpfFormatException Malformed(ReadOnlySpan<byte> line)
        => new($"Line {_line}, '{Encoding.UTF8.GetString(line[..Math.Min(line.Length, 80)])}', is no symbol.", source);
}
