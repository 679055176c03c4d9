using System;
using System.IO;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Bpf.Loader.Interop;

/// <summary>Reads all that a file holds, up to a bound: neither a file nor whoever writes into a pipe fills the memory, or keeps us waiting.</summary>
internal readonly struct InputContents(InputFile file, SafeFileHandle handle)
{
    // The types of a kernel are some megabytes, a kernel with all debug information is below a gigabyte.
    private const int LargestFile = 1 << 30;
    private const int LargestStream = 256 << 20;
    private const int FirstRoom = 64 * 1024;

    // How long nothing may come out of a pipe that somebody has open for writing.
    private const int PatienceMilliseconds = 30_000;

    /// <exception cref="InputFileException">It is too large, or cannot be read.</exception>
    public byte[] Read()
    {
        if (file.Length > LargestFile)
            throw TooLarge(LargestFile);
        if (file.Length == 0)
            return ReadStream();
        byte[] contents = new byte[file.Length];
        int read = file.Read(0, contents);
        // Files of /sys may be shorter than they say.
        return read == contents.Length ? contents : contents[..read];
    }

    private byte[] ReadStream()
    {
        byte[] contents = new byte[FirstRoom];
        int length = 0;
        while (true)
        {
            int count = ReadNext(contents.AsSpan(length), length);
            length += count;
            if (count == 0)
                break;
            if (length > LargestStream)
                throw TooLarge(LargestStream);
            if (length == contents.Length)
                Array.Resize(ref contents, length * 2);
        }

        if (length == 0 && file.Kind == FileKind.Pipe)
            throw new InputFileException(Errno.EPIPE, "it is a pipe that nobody writes into.");
        return contents[..length];
    }

    private int ReadNext(Span<byte> room, int offset)
    {
        if (file.Kind == FileKind.Pipe && OperatingSystem.IsLinux())
            return ReadPipe(room);
        try
        {
            return RandomAccess.Read(handle, room, offset);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new InputFileException(Errno.EIO, error.Message);
        }
    }

    [SupportedOSPlatform("linux")]
    private int ReadPipe(Span<byte> room)
    {
        while (true)
        {
            int count = KernelFile.ReadAvailable(handle, room, out Errno errno);
            if (count >= 0)
                return count;
            if (errno != Errno.EAGAIN)
                throw new InputFileException(errno, $"{BpfException.Describe(errno)}.");
            if (!KernelFile.WaitReadable(handle, PatienceMilliseconds))
                throw new InputFileException(Errno.ETIMEDOUT, $"it is a pipe out of which nothing came for {PatienceMilliseconds / 1000} seconds.");
        }
    }

    private static InputFileException TooLarge(int bound) => new(Errno.EFBIG, $"it has more than {bound >> 20} MiB.");
}
