using System;
using System.Buffers;
using System.IO;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Bpf.Tool.Output;

/// <summary>Writes one JSON object a line to the standard output, each line whole.</summary>
internal sealed class JsonLines : IDisposable
{
    private static Stream? _redirected;

    private readonly Stream _output = new PrintableStream(_redirected ?? Console.OpenStandardOutput(), isJson: true);
    private readonly ArrayBufferWriter<byte> _line = new(1024), _lines = new(1024);
    private readonly Utf8JsonWriter _writer;

    public JsonLines() => _writer = new Utf8JsonWriter(_line, Options);

    /// <summary>How lines are written: for JSON parsers and never as part of a web page, so that &lt;, > and &amp; may stay as they are.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Lets those lines that are begun from now on be written elsewhere.</summary>
    /// <param name="stream">Where; null for the standard output again.</param>
    public static void Redirect(Stream? stream) => _redirected = stream;

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
