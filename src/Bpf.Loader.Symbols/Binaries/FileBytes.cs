using System;
using System.IO;
using Microsoft.Win32.SafeHandles;

namespace Bpf.Loader.Symbols.Binaries;

/// <summary>
/// The bytes of a file. They are read, not mapped: the file belongs to somebody else, who may cut it short, and touching a mapping
/// beyond the end of a file kills the process.
/// </summary>
internal sealed class FileBytes(SafeFileHandle file) : IBytes
{
    public long Length { get; } = RandomAccess.GetLength(file);

    public int Read(long offset, Span<byte> buffer)
    {
        if (offset < 0) return 0;
        int done = 0;
        try
        {
            while (done < buffer.Length)
            {
                int count = RandomAccess.Read(file, buffer[done..], offset + done);
                if (count == 0) break;
                done += count;
            }
        }
        catch (IOException)
        {
            return 0; // the disk is broken, or the server gone: there is nothing to be read
        }

        return done;
    }

    public void Dispose() => file.Dispose();
}
