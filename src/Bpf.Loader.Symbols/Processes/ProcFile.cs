using System;
using System.Globalization;
using System.IO;
using System.Runtime.Versioning;
using System.Text;
using Bpf.Loader.Symbols.Interop;
using Microsoft.Win32.SafeHandles;

namespace Bpf.Loader.Symbols.Processes;

/// <summary>The files that the kernel has of a process, which may end at any moment.</summary>
[SupportedOSPlatform("linux")]
internal static class ProcFile
{
    private const int Largest = 64 << 20;

    /// <summary>The path of a file of a process.</summary>
    public static string PathOf(int processId, string file) => string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/{file}");

    /// <summary>Reads a file of a process; null when it has ended, or does not let us see it.</summary>
    public static byte[]? Read(int processId, string file) => Read(PathOf(processId, file));

    /// <summary>Reads a file of a process as text.</summary>
    public static string? ReadText(int processId, string file) => Read(processId, file) is byte[] bytes ? Encoding.UTF8.GetString(bytes) : null;

    /// <summary>Reads a file whose length is not known before.</summary>
    public static byte[]? Read(string path)
    {
        using SafeFileHandle? file = Files.Open(path);
        if (file is null) return null;
        byte[] buffer = new byte[4096];
        int length = 0;
        try
        {
            while (true)
            {
                int count = RandomAccess.Read(file, buffer.AsSpan(length), length);
                if (count == 0) return buffer[..length];
                length += count;
                if (length == buffer.Length && length >= Largest) return buffer;
                if (length == buffer.Length) Array.Resize(ref buffer, buffer.Length * 4);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Where a link of a process leads, as the kernel tells it; null when it has ended, or does not let us see it.</summary>
    public static string? ReadLink(int processId, string link)
    {
        try
        {
            return new FileInfo(PathOf(processId, link)).LinkTarget;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
