using System;
using System.Globalization;
using System.IO;
using Microsoft.Win32.SafeHandles;

namespace Bpf.Loader.Interop;

/// <summary>
/// A file that somebody named, opened for reading: the one place that decides how such a file is opened. Directories, devices
/// and sockets are refused before anything is read, and nothing is waited for: a pipe is never opened to wait for its writer.
/// </summary>
internal sealed class InputFile : IDisposable
{
    private readonly SafeFileHandle _handle;

    private InputFile(string name, SafeFileHandle handle, FileKind kind, long length, FileIdentity identity)
    {
        Name = name;
        _handle = handle;
        Kind = kind;
        Length = length;
        Identity = identity;
    }

    /// <summary>The name that it was opened by.</summary>
    public string Name { get; }

    /// <summary>A regular file or a pipe.</summary>
    public FileKind Kind { get; }

    /// <summary>Its bytes; 0 for pipes and for most files of /proc and /sys, which are made while they are read.</summary>
    public long Length { get; }

    /// <summary>Which file it is, whatever its names; none where that is not known.</summary>
    public FileIdentity Identity { get; }

    /// <summary>A path by which the kernel finds just this file, as long as it is open here.</summary>
    public string DescriptorPath => string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{_handle.DangerousGetHandle()}");

    /// <summary>The path that the kernel has for the file, as we see it, with <c> (deleted)</c> behind when it has none; null when that is not known.</summary>
    public string? KernelName => OperatingSystem.IsLinux() ? LinkTarget.Of(DescriptorPath) : null;

    /// <summary>Opens a file.</summary>
    /// <exception cref="InputFileException">There is none, it may not be read, or is of a kind that is not read.</exception>
    public static InputFile Open(string path)
    {
        // The system would take what stands in front of it for the name.
        if (path.Contains('\0', StringComparison.Ordinal))
            throw new InputFileException(Errno.EINVAL, "its name holds a NUL character.");
        if (!OperatingSystem.IsLinux())
            return OpenPortably(path);
        using FileDescriptorHandle place = KernelFile.OpenPlace(path, out Errno errno) ?? throw Refused(errno);
        return Open(place, path);
    }

    /// <summary>Opens a file that a descriptor stands for, such as one that was found in another root.</summary>
    /// <exception cref="InputFileException">It may not be read, or is of a kind that is not read.</exception>
    [System.Runtime.Versioning.SupportedOSPlatform("linux")]
    public static InputFile Open(FileDescriptorHandle place, string name)
    {
        FileStatus status = FileStatus.Of(place, out Errno errno) ?? new FileStatus(FileKind.Unknown, 0, default, true);
        Check(status.Kind);
        int fd = KernelFile.OpenInput(place, name, out errno);
        if (fd < 0)
            throw Refused(errno);
        var handle = new SafeFileHandle(fd, ownsHandle: true);
        long length = status.Kind == FileKind.Unknown ? RandomAccess.GetLength(handle) : status.Kind == FileKind.Regular ? status.Size : 0;
        return new InputFile(name, handle, status.Kind == FileKind.Unknown ? FileKind.Regular : status.Kind, length, status.Identity);
    }

    /// <summary>Reads what is at an offset, as far as the buffer or the file goes.</summary>
    /// <returns>How many bytes were read: fewer than asked for at the end of the file only.</returns>
    /// <exception cref="InputFileException">The kernel cannot read it.</exception>
    public int Read(long offset, Span<byte> buffer)
    {
        int read = 0;
        try
        {
            while (read < buffer.Length)
            {
                int count = RandomAccess.Read(_handle, buffer[read..], offset + read);
                if (count == 0)
                    break;
                read += count;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            // The runtime takes a file for one without places when the kernel fails to tell its place.
            throw new InputFileException(Errno.EIO, error.Message);
        }

        return read;
    }

    /// <summary>Reads the whole file, up to a bound.</summary>
    /// <exception cref="InputFileException">It is larger, or cannot be read.</exception>
    public byte[] ReadAll() => new InputContents(this, _handle).Read();

    /// <summary>Opens a file and reads all of it.</summary>
    /// <exception cref="InputFileException">There is none, it may not be read, is of a kind that is not read, or too large.</exception>
    public static byte[] ReadAll(string path)
    {
        using InputFile file = Open(path);
        return file.ReadAll();
    }

    public void Dispose() => _handle.Dispose();

    private static void Check(FileKind kind)
    {
        (Errno Errno, string What)? refused = kind switch
        {
            FileKind.Directory => (Errno.EISDIR, "a directory"),
            FileKind.CharacterDevice or FileKind.BlockDevice => (Errno.ENODEV, "a device"),
            FileKind.Socket => (Errno.ENXIO, "a socket"),
            FileKind.Link => (Errno.ELOOP, "a link that is not followed"),
            _ => null,
        };
        if (refused is (Errno errno, string what))
            throw new InputFileException(errno, $"it is {what}, not a file.");
    }

    private static InputFileException Refused(Errno errno) => new(errno, errno switch
    {
        Errno.ENOENT or Errno.ENOTDIR => "there is no such file.",
        Errno.EACCES or Errno.EPERM => "access to it is denied.",
        Errno.ELOOP => "its links lead in a circle.",
        _ => $"{BpfException.Describe(errno)}.",
    });

    private static InputFile OpenPortably(string path)
    {
        try
        {
            SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return new InputFile(path, handle, FileKind.Regular, RandomAccess.GetLength(handle), default);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Refused(Errno.ENOENT);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new InputFileException(Errno.EACCES, error.Message);
        }
    }
}
