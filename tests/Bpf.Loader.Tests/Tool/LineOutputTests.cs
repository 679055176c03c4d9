using System;
using System.IO;
using System.Linq;
using System.Text;
using Bpf.Tool.Output;
using Xunit;

namespace Bpf.Loader.Tests.Tool;

/// <summary>Text goes to the system by lines, not by characters, and tables lose their trailing spaces on the way.</summary>
public class LineOutputTests
{
    [Fact]
    public void A_line_is_one_write_whatever_it_is_made_of()
    {
        using var stream = new CountingStream();
        var writer = new TrimmingWriter(new PrintableWriter(new LineWriter(new StreamWriter(stream, new UTF8Encoding(false), 8192))));
        for (int line = 0; line < 10; line++)
        {
            for (int piece = 0; piece < 40; piece++) writer.Write(piece % 2 == 0 ? "ab" : "  ");
            writer.WriteLine();
        }

        Assert.Equal(10, stream.Writes);
        Assert.Equal(10, Encoding.UTF8.GetString(stream.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void A_line_without_end_comes_with_the_flush()
    {
        using var stream = new CountingStream();
        var writer = new LineWriter(new StreamWriter(stream, new UTF8Encoding(false), 8192));
        writer.Write("who? ");
        Assert.Equal(0, stream.Writes);
        writer.Flush();
        Assert.Equal("who? ", Encoding.UTF8.GetString(stream.ToArray()));
    }

    [Fact]
    public void Spaces_at_the_ends_of_lines_are_left_out_and_no_others()
    {
        var random = new Random(7);
        const string Alphabet = "ab   \n\r";
        for (int i = 0; i < 2000; i++)
        {
            string text = new([.. Enumerable.Range(0, random.Next(40)).Select(_ => Alphabet[random.Next(Alphabet.Length)])]);
            using var inner = new StringWriter();
            var writer = new TrimmingWriter(inner);
            for (int at = 0; at < text.Length;)
            {
                int length = random.Next(1, Math.Min(5, text.Length - at) + 1);
                if (length == 1) writer.Write(text[at]);
                else writer.Write(text.AsSpan(at, length));
                at += length;
            }

            Assert.Equal(Trimmed(text), inner.ToString());
        }
    }

    private static string Trimmed(string text)
    {
        var result = new StringBuilder();
        int begin = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is not ('\n' or '\r')) continue;
            result.Append(text[begin..i].TrimEnd(' ')).Append(text[i]);
            begin = i + 1;
        }

        return result.Append(text[begin..].TrimEnd(' ')).ToString();
    }

    private sealed class CountingStream : MemoryStream
    {
        public int Writes { get; private set; }

        // Spans come here too.
        public override void Write(byte[] buffer, int offset, int count)
        {
            Writes++;
            base.Write(buffer, offset, count);
        }
    }
}
