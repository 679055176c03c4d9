using System;
using System.Buffers;
using System.IO;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Bpf.Tool.Output;

/// <summary>Writes one JSON object a line to the standard output, each line whole.</summary>
internal sealed class JsonLines : IDisposable
{
    private readonly Stream _output;
    private readonly ArrayBufferWriter<byte> _line = new(1024), _lines = new(1024);
    private readonly Utf8JsonWriter _writer;

    /// <param name="output">Where to, as of <see cref="StandardOutput.OpenJson"/>; null for the standard output, which nobody need read.</param>
    public JsonLines(Stream? output = null)
    {
        _output = output ?? new PrintableStream(StandardOutput.RedirectedJson ?? Console.OpenStandardOutput(), isJson: true);
        _writer = new Utf8JsonWriter(_line, Options);
    }

    /// <summary>How lines are written: for JSON parsers and never as part of a web page, so that &lt;, > and &amp; may stay as they are.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a line now.</summary>
    public void Write<T>(T value, Action<Utf8JsonWriter, T> write)
    {
        write(Begin(), value);
        End();
        Flush();
    }

    /// <summary>Begins a line of many, which goes out with others, at the latest when this is disposed of.</summary>
    /// <returns>The writer of the one value of the line.</returns>
    public Utf8JsonWriter Begin()
    {
        // Half a line of a value that could not be written is never seen.
        _line.ResetWrittenCount();
        _writer.Reset();
        return _writer;
    }

    /// <summary>Ends a line of many.</summary>
    public void End()
    {
        _writer.Flush();
        _lines.Write(_line.WrittenSpan);
        _lines.Write("\n"u8);
        if (_lines.WrittenCount >= TextLines.PieceSize) Flush();
    }

    public void Dispose()
    {
        Flush();
        _writer.Dispose();
        _output.Dispose();
    }

    private void Flush()
    {
        ReadOnlySpan<byte> piece = _lines.WrittenSpan;
        if (piece.IsEmpty) return;
        try
        {
            _output.Write(piece);
            _output.Flush();
        }
        finally
        {
            _lines.ResetWrittenCount();
        }
    }
}
