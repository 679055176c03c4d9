using System;
using System.Buffers;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using Bpf.Loader;

namespace Bpf.Tool.Output;

/// <summary>The gate of <see cref="PrintableWriter"/> for what is written as bytes of UTF-8: text, or JSON, which has escapes of its own.</summary>
internal sealed class PrintableStream(Stream inner, bool isJson) : Stream
{
    private static readonly SearchValues<byte> Plain = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (byte)c), (byte)'\n', (byte)'\t']);

    private readonly byte[] _pending = new byte[4]; // the beginning of a character, until the rest comes
    private int _pendingLength;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (_pendingLength > 0 && !buffer.IsEmpty)
        {
            _pending[_pendingLength++] = buffer[0];
            OperationStatus status = Rune.DecodeFromUtf8(_pending.AsSpan(0, _pendingLength), out Rune rune, out int length);
            if (status == OperationStatus.NeedMoreData && _pendingLength < _pending.Length)
            {
                buffer = buffer[1..];
                continue;
            }

            // A byte that does not go on with the character begins anew.
            if (length == _pendingLength) buffer = buffer[1..];
            _pendingLength = 0;
            WriteOther(rune);
        }

        while (!buffer.IsEmpty)
        {
            int plain = buffer.IndexOfAnyExcept(Plain);
            if (plain < 0)
            {
                inner.Write(buffer);
                return;
            }

            inner.Write(buffer[..plain]);
            buffer = buffer[plain..];
            if (Rune.DecodeFromUtf8(buffer, out Rune rune, out int length) == OperationStatus.NeedMoreData)
            {
                buffer.CopyTo(_pending);
                _pendingLength = buffer.Length;
                return;
            }

            WriteOther(rune);
            buffer = buffer[length..];
        }
    }

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    // Bytes that are no UTF-8 come as U+FFFD.
    private void WriteOther(Rune rune)
    {
        Span<byte> bytes = stackalloc byte[32];
        if (rune.Value is '\n' or '\t' || BpfText.IsPrintable(rune)) inner.Write(bytes[..rune.EncodeToUtf8(bytes)]);
        else inner.Write(bytes[..Encoding.ASCII.GetBytes(isJson ? EscapeJson(rune) : BpfText.Escape(rune), bytes)]);
    }

    // Outside of its strings, JSON has nothing to escape.
    private static string EscapeJson(Rune rune)
    {
        Span<char> units = stackalloc char[2];
        return string.Concat(units[..rune.EncodeToUtf16(units)].ToArray().Select(unit => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}")));
    }
}
