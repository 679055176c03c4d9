using System;
using System.Buffers;
using System.IO;

namespace Bpf.Loader.Kernel;

/// <summary>Reads a stream line by line, in one buffer and without strings. What does not fit in a line is cut off.</summary>
internal sealed class LineReader(Stream stream) : IDisposable
{
    private const int BufferSize = 1 << 16;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private int _start;
    private int _end;
    private bool _atEnd;
    private bool _skipping;

    /// <summary>The next line without its end, valid until the next call.</summary>
    /// <returns><see langword="false"/> at the end of the stream.</returns>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        while (true)
        {
            ReadOnlySpan<byte> pending = _buffer.AsSpan(_start, _end - _start);
            int at = pending.IndexOf((byte)'\n');
            if (at >= 0)
            {
                _start += at + 1;
                if (Accept(pending[..at], out line))
                    return true;
                continue;
            }

            if (_atEnd)
            {
                _start = _end;
                return Accept(pending, out line) && !pending.IsEmpty;
            }

            if (pending.Length == _buffer.Length)
            {
                // Longer than the buffer: give what there is, and skip the rest up to the line's end.
                _start = _end;
                bool first = !_skipping;
                _skipping = true;
                line = pending;
                if (first)
                    return true;
            }

            Fill();
        }
    }

    public void Dispose()
    {
        byte[] buffer = _buffer;
        _buffer = [];
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
        stream.Dispose();
    }

    // The rest of a line that was cut off is no line.
    private bool Accept(ReadOnlySpan<byte> candidate, out ReadOnlySpan<byte> line)
    {
        bool rest = _skipping;
        _skipping = false;
        line = candidate.TrimEnd((byte)'\r');
        return !rest;
    }

    private void Fill()
    {
        ObjectDisposedException.ThrowIf(_buffer.Length == 0, this);
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        int count = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += count;
        _atEnd = count == 0;
    }
}
