using System;
using System.Collections.Generic;
using Bpf.Loader.Elf;

namespace Bpf.Loader.Links.Binaries;

/// <summary>The segments of a binary: what the kernel and the dynamic loader map, and thus where in the file an address is.</summary>
internal sealed class BinarySegments
{
    private const int Size64 = 56, Size32 = 32;
    private const uint Write = 2;

    // Whole pages are mapped: code may lie in the rest of the first and the last one as well.
    private static readonly ulong PageSize = (ulong)Environment.SystemPageSize;

    private readonly ElfProgramHeader[] _headers;

    private BinarySegments(ElfProgramHeader[] headers) => _headers = headers;

    /// <summary>The program headers, in the order of the file.</summary>
    public IReadOnlyList<ElfProgramHeader> Headers => _headers;

    /// <summary>True when anything is mapped.</summary>
    public bool HasLoads => Array.Exists(_headers, header => header.IsLoad);

    /// <exception cref="BpfFormatException">The table is malformed, or goes beyond the end of the file.</exception>
    public static BinarySegments Read(IBinaryBytes bytes, in BinaryHeader header, int count)
    {
        int size = header.Form.Is64Bit ? Size64 : Size32;
        if (header.Segments == 0 || count == 0) return new BinarySegments([]);
        if (header.SegmentSize != size || header.Segments > (ulong)bytes.Length || (ulong)count * (ulong)size > (ulong)bytes.Length - header.Segments)
        {
            throw new BpfFormatException(
                $"Its table of {count} program headers at file offset 0x{header.Segments:x} is malformed or goes beyond the end of the file.",
                null, header.Form.Is64Bit ? 32 : 28, BpfDiagnosticId.Truncated);
        }

        byte[] table = new byte[count * size];
        if (bytes.Read((long)header.Segments, table) != table.Length)
            throw new BpfFormatException("Its program headers are cut off.", null, (long)header.Segments, BpfDiagnosticId.Truncated);
        var headers = new ElfProgramHeader[count];
        for (int i = 0; i < count; i++) headers[i] = Decode(header.Form, table.AsSpan(i * size, size));
        return new BinarySegments(headers);
    }

    /// <summary>Where in the file the byte at an address is. Of segments that overlap, the kernel maps the later one over the earlier.</summary>
    public bool TryGetOffset(ulong address, out ulong offset, out ElfProgramHeader segment)
    {
        for (int i = _headers.Length - 1; i >= 0; i--)
        {
            segment = _headers[i];
            if (!segment.IsLoad || address < segment.VirtualAddress || address - segment.VirtualAddress >= segment.FileSize) continue;
            offset = address - segment.VirtualAddress + segment.Offset;
            return true;
        }

        offset = 0;
        segment = default;
        return false;
    }

    /// <summary>Where in the file the code at an address is, if the kernel lets it be probed there.</summary>
    public bool TryGetCode(ulong address, out ulong offset) => TryGetOffset(address, out offset, out ElfProgramHeader segment) && CanBeProbed(segment);

    /// <summary>Whether code of a segment is probed: the kernel passes over mappings that may be written (valid_vma of kernel/events/uprobes.c).</summary>
    public static bool CanBeProbed(in ElfProgramHeader segment) => segment is { IsLoad: true, IsExecutable: true } && (segment.Flags & Write) == 0;

    /// <summary>Whether an offset of the file is mapped as code that can be probed.</summary>
    public bool IsCode(ulong offset) => Array.Exists(_headers, segment => CanBeProbed(segment) && IsInPages(segment, offset));

    /// <summary>Why no probe at an offset or address can be hit.</summary>
    public static string Obstacle(in ElfProgramHeader? segment) => segment switch
    {
        null => "no segment is mapped there",
        { IsExecutable: false } => "it is in a segment of data, which is not executed",
        _ => "it is in a segment that is both executable and writable, into which the kernel puts no probes",
    };

    /// <summary>The segment that an offset of the file is mapped by.</summary>
    public ElfProgramHeader? FindByOffset(ulong offset)
    {
        for (int i = _headers.Length - 1; i >= 0; i--)
            if (_headers[i].IsLoad && offset >= _headers[i].Offset && offset - _headers[i].Offset < _headers[i].FileSize) return _headers[i];
        return null;
    }

    private static bool IsInPages(in ElfProgramHeader segment, ulong offset)
    {
        ulong first = segment.Offset & ~(PageSize - 1), end = (segment.Offset + segment.FileSize + PageSize - 1) & ~(PageSize - 1);
        return offset >= first && offset < end;
    }

    private static ElfProgramHeader Decode(ElfForm form, ReadOnlySpan<byte> header) => form.Is64Bit
        ? new ElfProgramHeader(
            form.UInt32(header), form.UInt32(header[4..]), form.UInt64(header[8..]), form.UInt64(header[16..]), form.UInt64(header[32..]), form.UInt64(header[40..]))
        : new ElfProgramHeader(
            form.UInt32(header), form.UInt32(header[24..]), form.UInt32(header[4..]), form.UInt32(header[8..]), form.UInt32(header[16..]), form.UInt32(header[20..]));
}
