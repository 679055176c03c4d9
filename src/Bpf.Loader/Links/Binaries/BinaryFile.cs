using System;
using Bpf.Loader.Elf;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Links.Binaries;

/// <summary>
/// The file that is probed, or the part of an archive: opened once, and used by its descriptor, so that what was read is what
/// is probed.
/// </summary>
/// <remarks>
/// The bytes are read, not mapped: the file belongs to somebody else, who may cut it short at any time, and touching a
/// mapping beyond the end of a file kills the process.
/// </remarks>
internal sealed class BinaryFile : IBinaryBytes, IDisposable
{
    private readonly InputFile _file;
    private readonly bool _byDescriptor;

    /// <param name="file">The open file, which this owns.</param>
    /// <param name="path">Its path, for messages.</param>
    /// <param name="byDescriptor">Whether the path leads elsewhere, or nowhere, from here.</param>
    public BinaryFile(InputFile file, string path, bool byDescriptor)
    {
        if (file.Kind != FileKind.Regular)
        {
            file.Dispose();
            throw Unreadable(path, new InputFileException(Errno.ESPIPE, "it is a pipe, not a file."));
        }

        _file = file;
        _byDescriptor = byDescriptor;
        Path = path;
        Length = file.Length;
    }

    /// <summary>The path of the file: for a library in an archive, that of the archive.</summary>
    public string Path { get; }

    /// <summary>Where the ELF file begins in it.</summary>
    public long Start { get; private set; }

    /// <summary>How many bytes the ELF file has.</summary>
    public long Length { get; private set; }

    /// <summary>Which file it is.</summary>
    public FileIdentity Identity => _file.Identity;

    /// <summary>The path that the kernel has for it, as we see it.</summary>
    public string? KernelName => _file.KernelName;

    /// <summary>A path by which the kernel finds the file that is open here, and no other.</summary>
    public string DescriptorPath => _file.DescriptorPath;

    /// <summary>
    /// What the kernel is told. A path of our own view is kept as it is, because the kernel shows it to whoever lists links;
    /// whether it still led to this file is looked at afterwards.
    /// </summary>
    public string PathForKernel => _byDescriptor ? DescriptorPath : Path;

    /// <summary>False when the path that the kernel was told leads to another file by now.</summary>
    public bool IsInPlace => _byDescriptor || !OperatingSystem.IsLinux() || !Identity.Exists || FileIdentity.Of(Path) == Identity;

    /// <summary>Opens a path of our own view.</summary>
    /// <exception cref="BpfAttachException">There is no such file, or it is of a kind that cannot be probed.</exception>
    public static BinaryFile Open(string path)
    {
        try
        {
            return new BinaryFile(InputFile.Open(path), path, byDescriptor: false);
        }
        catch (InputFileException error)
        {
            throw Unreadable(path, error);
        }
    }

    /// <summary>Why a file cannot be probed.</summary>
    public static BpfAttachException Unreadable(string path, InputFileException error) => error.IsMissing
        ? new BpfAttachException(
            BpfDiagnosticId.NoSuchBinary, $"binary '{path}'", $"There is no file '{path}'.", Errno.ENOENT, "open",
            "A binary in a container is found by naming a process of it: its files are seen through /proc/PID/root.")
        : new BpfAttachException(
            BpfDiagnosticId.BadBinary, $"binary '{path}'", $"'{path}' cannot be read: {error.Message}", error.Errno, "open");

    /// <summary>Takes a part of the file, such as a library in an archive, for the whole.</summary>
    public void Narrow(long start, long length)
    {
        Start = start;
        Length = length;
    }

    public int Read(long offset, Span<byte> buffer)
    {
        if (offset < 0 || offset >= Length) return 0;
        if (buffer.Length > Length - offset) buffer = buffer[..(int)(Length - offset)];
        try
        {
            return _file.Read(Start + offset, buffer);
        }
        catch (InputFileException error)
        {
            throw Unreadable(Path, error);
        }
    }

    public void Dispose() => _file.Dispose();
}
