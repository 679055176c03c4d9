using System;
using System.IO;
using Microsoft.Win32.SafeHandles;

namespace Bpf.Tool.Output;

/// <summary>The standard output for streams without end.</summary>
internal static class StandardOutput
{
    /// <summary>Opens it, so that it fails when nobody reads it any more.</summary>
    /// <remarks>
    /// The console's own stream swallows a broken pipe, and <c>bpf run FILE | head</c> would go on for ever. For files it is the right
    /// one, because it appends where other writers of the same file are.
    /// </remarks>
    public static Stream Open()
    {
        if (!Console.IsOutputRedirected || OperatingSystem.IsWindows())
            return Console.OpenStandardOutput();
        var stream = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        if (!stream.CanSeek)
            return stream;
        stream.Dispose();
        return Console.OpenStandardOutput();
    }
}
