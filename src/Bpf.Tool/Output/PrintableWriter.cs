using System;
using System.Buffers;
using System.IO;
using System.Linq;
using System.Text;
using Bpf.Loader;

namespace Bpf.Tool.Output;

/// <summary>
/// The gate before a terminal: what comes through it is text, line ends and tabs, and never what moves the cursor, paints, rings or
/// turns lines around, wherever the text is from.
/// </summary>
internal sealed class PrintableWriter(TextWriter inner) : TextWriter
{
    private static readonly SearchValues<char> Plain = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c), '\n', '\t']);

    private char _high; // the first half of a character, until the second comes

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Write([value]);

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(ReadOnlySpan<char> buffer)
    {
        while (!buffer.IsEmpty)
        {
            int plain = _high != 0 ? 0 : buffer.IndexOfAnyExcept(Plain);
            if (plain < 0)
            {
                inner.Write(buffer);
                return;
            }

            inner.Write(buffer[..plain]);
            WriteOther(buffer[plain]);
            buffer = buffer[(plain + 1)..];
        }
    }

    public override void Flush() => inner.Flush();

    private void WriteOther(char value)
    {
        if (_high != 0)
        {
            char high = _high;
            _high = '\0';
            if (Rune.TryCreate(high, value, out Rune pair))
            {
                inner.Write(BpfText.IsPrintable(pair) ? pair.ToString() : BpfText.Escape(pair));
                return;
            }

            inner.Write(BpfText.Printable(high.ToString()));
        }

        if (char.IsHighSurrogate(value)) _high = value;
        else if (value is '\n' or '\t') inner.Write(value);
        else inner.Write(BpfText.Printable(value.ToString()));
    }
}
