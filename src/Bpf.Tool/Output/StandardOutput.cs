using System;
using System.IO;
using Microsoft.Win32.SafeHandles;

namespace Bpf.Tool.Output;

/// <summary>The standard output: whoever writes there, whatever it is, writes through a gate that keeps control characters back.</summary>
internal static class StandardOutput
{
    /// <summary>Puts the gates before the console's own writers.</summary>
    public static void Guard()
    {
        Raw = new LineWriter(new StreamWriter(Console.OpenStandardOutput(), Console.Out.Encoding, bufferSize: 8192));
        Console.SetOut(TextWriter.Synchronized(new PrintableWriter(Raw)));
        Console.SetError(TextWriter.Synchronized(new PrintableWriter(Console.Error)));
    }

    /// <summary>The console's writer behind the gate, for who paints, and gives it safe text.</summary>
    public static TextWriter Raw { get; private set; } = Console.Out;

    /// <summary>Writes what is left of a line that nobody ended.</summary>
    public static void Flush() => Raw.Flush();

    /// <summary>Opens it for text in UTF-8, so that it fails when nobody reads it any more.</summary>
    public static Stream OpenText() => new PrintableStream(OpenRaw(), isJson: false);

    /// <summary>Opens it for JSON, so that it fails when nobody reads it any more.</summary>
    public static Stream OpenJson() => new PrintableStream(RedirectedJson ?? OpenRaw(), isJson: true);

    /// <summary>Where JSON that is begun from now on is written; null for the standard output.</summary>
    public static Stream? RedirectedJson { get; set; }

    /// <summary>Opens it for bytes that are no text, so that it fails when nobody reads it any more.</summary>
    /// <remarks>
    /// The console's own stream swallows a broken pipe, and <c>bpf run FILE | head</c> would go on for ever. For files it is the right
    /// one, because it appends where other writers of the same file are.
    /// </remarks>
    public static Stream OpenRaw()
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
