using System;
using System.IO;
using Bpf.Loader.Elf;

namespace Bpf.Loader.Links.Binaries;

/// <summary>An executable or library that probes go into: its ELF reader, and where it begins in the file on disk.</summary>
/// <remarks>
/// The bytes are read, not mapped: the file belongs to somebody else, who may cut it short at any time, and touching a
/// mapping beyond the end of a file kills the process.
/// </remarks>
internal sealed class BinaryImage
{
    private const string ArchiveMark = "!/";

    private BinaryImage(string path, ReadOnlyMemory<byte> bytes, long start)
    {
        Path = path;
        Start = start;
        try
        {
            Elf = ElfFile.Read(bytes);
        }
        catch (BpfFormatException error)
        {
            throw new BpfAttachException(
                BpfDiagnosticId.BadBinary, $"binary '{path}'", $"'{path}' cannot be probed: {error.Message}", Errno.ENOEXEC);
        }
    }

    /// <summary>The file that the kernel is told: for a library in an archive, the archive.</summary>
    public string Path { get; }

    /// <summary>Where the ELF file begins in it.</summary>
    public long Start { get; }

    public ElfFile Elf { get; }

    /// <summary>Opens a path, or <c>ARCHIVE!/ENTRY</c>.</summary>
    /// <exception cref="BpfAttachException">There is no such file, or it is not what it should be.</exception>
    public static BinaryImage Open(string path)
    {
        int mark = path.IndexOf(ArchiveMark, StringComparison.Ordinal);
        if (mark < 0) return new BinaryImage(path, ReadFile(path), 0);

        string archive = path[..mark], name = path[(mark + ArchiveMark.Length)..];
        ReadOnlyMemory<byte> bytes = ReadFile(archive);
        (int start, int length) = ZipArchiveIndex.FindStored(bytes.Span, archive, name);
        return new BinaryImage(archive, bytes.Slice(start, length), start);
    }

    private static byte[] ReadFile(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BpfAttachException(
                BpfDiagnosticId.NoSuchBinary, $"binary '{path}'", $"There is no file '{path}'.", Errno.ENOENT, "open",
                "A binary in a container is found by naming a process of it: its files are seen through /proc/PID/root.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BpfAttachException(
                BpfDiagnosticId.BadBinary, $"binary '{path}'", $"'{path}' cannot be read: {error.Message}", Errno.EACCES, "open");
        }
    }
}
