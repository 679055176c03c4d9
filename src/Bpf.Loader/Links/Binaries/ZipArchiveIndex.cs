using System;
using System.Buffers.Binary;
using System.Text;
using Bpf.Loader.Diagnostics;

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
    public static (int Start, int Length) FindStored(ReadOnlySpan<byte> zip, string archive, string entry)
    {
        int end = FindEnd(zip);
        if (end < 0) throw Bad(archive, "it is not a ZIP archive");
        uint count = BinaryPrimitives.ReadUInt16LittleEndian(zip[(end + 10)..]);
        uint at = BinaryPrimitives.ReadUInt32LittleEndian(zip[(end + 16)..]);

        byte[] wanted = Encoding.UTF8.GetBytes(entry);
        var close = new CloseNames(entry);
        for (uint i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> header = Record(zip, at, DirectorySize, DirectorySignature, archive);
            int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(header[28..]);
            int extraLength = BinaryPrimitives.ReadUInt16LittleEndian(header[30..]);
            int commentLength = BinaryPrimitives.ReadUInt16LittleEndian(header[32..]);
            if (zip.Length - at - DirectorySize < nameLength) throw Bad(archive, "its directory is cut off");
            ReadOnlySpan<byte> name = zip.Slice((int)at + DirectorySize, nameLength);
            if (name.SequenceEqual(wanted)) return Locate(zip, header, archive, entry);
            close.Add(Encoding.UTF8.GetString(name));
            at += (uint)(DirectorySize + nameLength + extraLength + commentLength);
        }

        throw new BpfAttachException(
            BpfDiagnosticId.NoSuchBinary, $"binary '{archive}!/{entry}'", $"The archive '{archive}' has no entry '{entry}'.",
            Errno.ENOENT, closeNames: close.Best);
    }

    private static (int Start, int Length) Locate(ReadOnlySpan<byte> zip, ReadOnlySpan<byte> header, string archive, string entry)
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
        return ((int)start, (int)size);
    }

    // The end record stands before a comment of up to 65,535 bytes, and is recognised by the length of that comment.
    private static int FindEnd(ReadOnlySpan<byte> zip)
    {
        int last = Math.Max(0, zip.Length - EndSize - ushort.MaxValue);
        for (int at = zip.Length - EndSize; at >= last; at--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(zip[at..]) == EndSignature
                && BinaryPrimitives.ReadUInt16LittleEndian(zip[(at + 20)..]) == zip.Length - at - EndSize)
                return at;
        }

        return -1;
    }

    private static ReadOnlySpan<byte> Record(ReadOnlySpan<byte> zip, uint at, int size, uint signature, string archive)
    {
        if (at > zip.Length || zip.Length - at < size || BinaryPrimitives.ReadUInt32LittleEndian(zip[(int)at..]) != signature)
            throw Bad(archive, $"its record at offset 0x{at:x} is damaged");
        return zip.Slice((int)at, size);
    }

    private static BpfAttachException Bad(string archive, string reason) =>
        new(BpfDiagnosticId.BadBinary, $"binary '{archive}'", $"'{archive}' cannot be probed: {reason}.", Errno.ENOEXEC);
}
