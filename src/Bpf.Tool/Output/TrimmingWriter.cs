using System;
using System.IO;
using System.Text;

namespace Bpf.Tool.Output;

/// <summary>Leaves out the spaces at the ends of lines, with which tables fill up their last column.</summary>
internal sealed class TrimmingWriter(TextWriter inner) : TextWriter
{
    private int _spaces;

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Write([value]);

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(ReadOnlySpan<char> buffer)
    {
        while (!buffer.IsEmpty)
        {
            int spaces = buffer.IndexOfAnyExcept(' ');
            if (spaces < 0) spaces = buffer.Length;
            _spaces += spaces;
            buffer = buffer[spaces..];
            if (buffer.IsEmpty) return;

            if (buffer[0] is not ('\n' or '\r')) inner.Write(new string(' ', _spaces));
            _spaces = 0;
            int text = buffer.IndexOf(' ');
            if (text < 0) text = buffer.Length;
            inner.Write(buffer[..text]);
            buffer = buffer[text..];
        }
    }

    public override void Flush() => inner.Flush();
}
