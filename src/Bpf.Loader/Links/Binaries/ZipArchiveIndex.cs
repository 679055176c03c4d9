using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using Bpf.Loader.Diagnostics;
using Bpf.Loader.Elf;

namespace Bpf.Loader.Links.Binaries;

/// <summary>
/// Finds entries of a ZIP archive that lie in it uncompressed. Android maps libraries straight from its packages, and a probe
/// goes into the archive at the library's place.
/// </summary>
internal static class ZipArchiveIndex
{
    private const uint EndSignature = 0x06054b50;
    private const uint DirectorySignature = 0x02014b50;
    private const uint LocalSignature = 0x04034b50;
    private const int EndSize = 22;
    private const int DirectorySize = 46;
    private const int LocalSize = 30;

    /// <summary>The place of an entry in the archive.</summary>
    /// <exception cref="BpfAttachException">There is no such entry, it is compressed, or the archive is malformed.</exception>
    public static (long Start, long Length) FindStored(IBinaryBytes zip, string archive, string entry)
    {
        var close = new CloseNames(entry);
        foreach ((string name, byte[] header) in Entries(zip, archive))
        {
            if (name == entry) return Locate(zip, header, archive, entry);
            close.Add(name);
        }

        throw new BpfAttachException(
            BpfDiagnosticId.NoSuchBinary, $"binary '{archive}!/{entry}'", $"The archive '{archive}' has no entry '{entry}'.",
            Errno.ENOENT, closeNames: close.Best);
    }

    /// <summary>The entry with a file name into which an offset of the archive falls; null when there is none, or it is no archive.</summary>
    public static string? FindMapped(IBinaryBytes zip, string archive, string fileName, ulong offset)
    {
        try
        {
            foreach ((string name, byte[] header) in Entries(zip, archive))
            {
                if (name != fileName && !name.EndsWith("/" + fileName, StringComparison.Ordinal)) continue;
                (long start, long length) = Locate(zip, header, archive, name);
                if (offset >= (ulong)start && offset < (ulong)(start + length)) return name;
            }
        }
        catch (BpfAttachException)
        {
            // Not an archive, or its entry is compressed: then nothing is mapped from there.
        }

        return null;
    }

    private static IEnumerable<(string Name, byte[] Header)> Entries(IBinaryBytes zip, string archive)
    {
        byte[] end = FindEnd(zip) ?? throw Bad(archive, "it is not a ZIP archive");
        uint count = BinaryPrimitives.ReadUInt16LittleEndian(end.AsSpan(10));
        long at = BinaryPrimitives.ReadUInt32LittleEndian(end.AsSpan(16));
        for (uint i = 0; i < count; i++)
        {
            byte[] header = Record(zip, at, DirectorySize, DirectorySignature, archive);
            int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(28));
            int extraLength = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(30));
            int commentLength = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(32));
            byte[] name = new byte[nameLength];
            if (zip.Read(at + DirectorySize, name) != nameLength) throw Bad(archive, "its directory is cut off");
            yield return (Encoding.UTF8.GetString(name), header);
            at += DirectorySize + nameLength + extraLength + commentLength;
        }
    }

    private static (long Start, long Length) Locate(IBinaryBytes zip, ReadOnlySpan<byte> header, string archive, string entry)
    {
        int flags = BinaryPrimitives.ReadUInt16LittleEndian(header[8..]);
        int method = BinaryPrimitives.ReadUInt16LittleEndian(header[10..]);
        if (method != 0 || (flags & 1) != 0)
        {
            throw Bad(archive, $"its entry '{entry}' is {((flags & 1) != 0 ? "encrypted" : "compressed")}, " +
                "so that no process runs it from there; only stored entries can be probed");
        }

        uint size = BinaryPrimitives.ReadUInt32LittleEndian(header[20..]);
        uint local = BinaryPrimitives.ReadUInt32LittleEndian(header[42..]);
        ReadOnlySpan<byte> localHeader = Record(zip, local, LocalSize, LocalSignature, archive);
        long start = (long)local + LocalSize + BinaryPrimitives.ReadUInt16LittleEndian(localHeader[26..])
            + BinaryPrimitives.ReadUInt16LittleEndian(localHeader[28..]);
        if (start > zip.Length || size > zip.Length - start) throw Bad(archive, $"its entry '{entry}' is cut off");
        return (start, size);
    }

    // The end record stands before a comment of up to 65,535 bytes, and is recognised by the length of that comment.
    private static byte[]? FindEnd(IBinaryBytes zip)
    {
        byte[] tail = new byte[Math.Min(zip.Length, EndSize + ushort.MaxValue)];
        int length = zip.Read(zip.Length - tail.Length, tail);
        for (int at = length - EndSize; at >= 0; at--)
        {
            ReadOnlySpan<byte> end = tail.AsSpan(at, EndSize);
            if (BinaryPrimitives.ReadUInt32LittleEndian(end) == EndSignature && BinaryPrimitives.ReadUInt16LittleEndian(end[20..]) == length - at - EndSize)
                return end.ToArray();
        }

        return null;
    }

    private static byte[] Record(IBinaryBytes zip, long at, int size, uint signature, string archive)
    {
        byte[] record = new byte[size];
        if (zip.Read(at, record) != size || BinaryPrimitives.ReadUInt32LittleEndian(record) != signature)
            throw Bad(archive, $"its record at offset 0x{at:x} is damaged");
        return record;
    }

    private static BpfAttachException Bad(string archive, string reason) =>
        new(BpfDiagnosticId.BadBinary, $"binary '{archive}'", $"'{archive}' cannot be probed: {reason}.", Errno.ENOEXEC);
}
