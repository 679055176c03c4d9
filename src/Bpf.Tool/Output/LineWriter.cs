using System;
using System.IO;
using System.Text;

namespace Bpf.Tool.Output;

/// <summary>
/// Gives text on when a line ends: the console's own writer does so for each piece, and a table is made of pieces of a few characters.
/// </summary>
internal sealed class LineWriter(StreamWriter inner) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Write([value]);

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(ReadOnlySpan<char> buffer)
    {
        inner.Write(buffer);
        if (buffer.Contains('\n')) inner.Flush();
    }

    public override void Flush() => inner.Flush();
}
