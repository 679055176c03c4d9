using System;
using System.Buffers;
using System.IO;

namespace Bpf.Tool.Output;

/// <summary>Lines of UTF-8 for people, many of them: they go out in pieces of some size instead of one by one.</summary>
internal sealed class TextLines : IDisposable
{
    private readonly Stream _output = StandardOutput.OpenText();
    private readonly ArrayBufferWriter<byte> _lines = new(2 * PieceSize);

    /// <summary>Pieces as large as a pipe of Linux.</summary>
    public const int PieceSize = 65536;

    /// <summary>Where the line at hand is written, control characters and all: the gate of the output escapes them.</summary>
    public IBufferWriter<byte> Line => _lines;

    /// <summary>Ends the line.</summary>
    /// <exception cref="IOException">Nobody reads on.</exception>
    public void End()
    {
        _lines.Write("\n"u8);
        if (_lines.WrittenCount >= PieceSize) Flush();
    }

    /// <summary>Writes what is left.</summary>
    public void Dispose()
    {
        Flush();
        _output.Dispose();
    }

    private void Flush()
    {
        ReadOnlySpan<byte> piece = _lines.WrittenSpan;
        try
        {
            _output.Write(piece);
        }
        finally
        {
            _lines.ResetWrittenCount();
        }
    }
}
