using System;
using Bpf.Loader.Elf;

namespace Bpf.Loader.Links.Binaries;

/// <summary>
/// An executable or library that probes go into, 64-bit or 32-bit: its headers, and by need its tables. Where something is in
/// the file is told by the program headers, by which the kernel maps; section headers only help to find tables.
/// </summary>
internal sealed class BinaryImage : IDisposable
{
    private const string ArchiveMark = "!/";
    private const int ManySegments = 0xffff; // PN_XNUM: the real number is in section 0
    private const int MostSegments = 1 << 16;

    private readonly BinaryHeader _header;
    private readonly BinaryFile? _file;
    private BinarySections? _sections;
    private DynamicTable? _dynamic;
    private BinarySymbolTable? _dynamicSymbols;

    /// <param name="bytes">The ELF file.</param>
    /// <param name="path">Its path, for messages.</param>
    /// <exception cref="BpfFormatException">It is no ELF file, or its headers are damaged.</exception>
    public BinaryImage(IBinaryBytes bytes, string path)
    {
        Bytes = bytes;
        Path = path;
        _file = bytes as BinaryFile;
        _header = BinaryHeader.Read(bytes);
        int segments = _header.SegmentCount == ManySegments ? (int)Math.Min(BinarySections.ReadFirst(bytes, _header)?.Info ?? 0, MostSegments) : _header.SegmentCount;
        Segments = BinarySegments.Read(bytes, _header, segments);
    }

    /// <summary>Where its bytes come from.</summary>
    public IBinaryBytes Bytes { get; }

    /// <summary>The path, for messages: for a library in an archive, that of the archive.</summary>
    public string Path { get; }

    /// <summary>The file on the disk.</summary>
    /// <exception cref="InvalidOperationException">It was read from memory.</exception>
    public BinaryFile File => _file ?? throw new InvalidOperationException("What is in memory only cannot be probed.");

    /// <summary>Where the ELF file begins in the file on disk.</summary>
    public long Start => _file?.Start ?? 0;

    /// <summary>How numbers are written in it.</summary>
    public ElfForm Form => _header.Form;

    /// <summary>A program at fixed addresses, or one that lies wherever it is loaded.</summary>
    public ElfFileType Type => _header.Type;

    /// <summary>The machine that it is for.</summary>
    public ElfMachine Machine => _header.Machine;

    /// <summary>What is mapped.</summary>
    public BinarySegments Segments { get; }

    /// <summary>The section headers, if they can be read.</summary>
    public BinarySections Sections => _sections ??= BinarySections.Read(Bytes, _header);

    /// <summary>What the dynamic loader goes by.</summary>
    public DynamicTable Dynamic => _dynamic ??= DynamicTable.Read(Bytes, Form, Segments);

    /// <summary>The symbols that it offers to others; null when it has none.</summary>
    public BinarySymbolTable? DynamicSymbols => _dynamicSymbols ??= SymbolTables.FindDynamic(this);

    /// <summary>All symbols that the linker knew; null when it is stripped, or when its section headers cannot be read.</summary>
    public BinarySymbolTable? StaticSymbols => SymbolTables.FindStatic(this);

    /// <summary>The name under which programs are linked with it (DT_SONAME); null when it has none.</summary>
    public string? SharedName => SymbolTables.SharedNameOf(this);

    /// <summary>Opens a path of our own view, or <c>ARCHIVE!/ENTRY</c>.</summary>
    /// <exception cref="BpfAttachException">There is no such file, or it is not what it should be.</exception>
    public static BinaryImage Open(string path)
    {
        (string file, string? entry) = Split(path);
        return Open(BinaryFile.Open(file), entry);
    }

    /// <summary>Reads an open file, which the result owns, or an entry of it when it is an archive.</summary>
    /// <exception cref="BpfAttachException">It is not what it should be.</exception>
    public static BinaryImage Open(BinaryFile file, string? entry)
    {
        try
        {
            if (entry is not null)
            {
                (long start, long length) = ZipArchiveIndex.FindStored(file, file.Path, entry);
                file.Narrow(start, length);
            }

            return new BinaryImage(file, file.Path);
        }
        catch (BpfFormatException error)
        {
            file.Dispose();
            throw new BpfAttachException(
                BpfDiagnosticId.BadBinary, $"binary '{file.Path}'", $"'{file.Path}' cannot be probed: {error.Finding.What}", Errno.ENOEXEC);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Cuts <c>ARCHIVE!/ENTRY</c> in two; of any other path there is no entry.</summary>
    public static (string File, string? Entry) Split(string path)
    {
        int mark = path.IndexOf(ArchiveMark, StringComparison.Ordinal);
        return mark < 0 ? (path, null) : (path[..mark], path[(mark + ArchiveMark.Length)..]);
    }

    public void Dispose() => _file?.Dispose();
}
