using System;
using System.Buffers;
using System.IO;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Bpf.Tool.Output;

/// <summary>Writes one JSON object a line to the standard output, each line at once and whole.</summary>
internal sealed class JsonLines : IDisposable
{
    private readonly Stream _output = Console.OpenStandardOutput();
    private readonly ArrayBufferWriter<byte> _line = new(1024);
    private readonly Utf8JsonWriter _writer;

    public JsonLines() => _writer = new Utf8JsonWriter(_line, Options);

    /// <summary>How lines are written: for JSON parsers and never as part of a web page, so that &lt;, > and &amp; may stay as they are.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a line.</summary>
    public void Write<T>(T value, Action<Utf8JsonWriter, T> write)
    {
        try
        {
            write(_writer, value);
            _writer.Flush();
            _line.Write("\n"u8);
            _output.Write(_line.WrittenSpan);
            _output.Flush();
        }
        finally
        {
            // Half a line of a value that could not be written is never seen.
            _line.ResetWrittenCount();
            _writer.Reset();
        }
    }

    public void Dispose()
    {
        _writer.Dispose();
        _output.Dispose();
    }
}
