using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Bpf.Loader.Kernel;
using Xunit;

namespace Bpf.Loader.Tests.Kernel;

public sealed class LineReaderTests
{
    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("a")]
    [InlineData("a\n")]
    [InlineData("a\nb")]
    [InlineData("\n\na\n\n")]
    public void Lines_are_those_of_the_base_library(string text) => Assert.Equal(Expected(text), Read(text, step: int.MaxValue));

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    public void Lines_are_the_same_however_little_a_read_gives(int step)
    {
        var random = new Random(17);
        for (int i = 0; i < 50; i++)
        {
            string text = string.Join('\n', Enumerable.Range(0, random.Next(30)).Select(_ => new string('x', random.Next(40))));
            Assert.Equal(Expected(text), Read(text, step));
        }
    }

    [Fact]
    public void Line_longer_than_the_buffer_is_cut_off_once()
    {
        string[] lines = Read("a\n" + new string('x', 1 << 20) + "\nb\n", step: 5000);
        Assert.Equal(3, lines.Length);
        Assert.Equal("a", lines[0]);
        Assert.InRange(lines[1].Length, 1 << 16, 1 << 20);
        Assert.Equal("b", lines[2]);
    }

    private static string[] Expected(string text)
    {
        var lines = new List<string>();
        using var reader = new StringReader(text);
        while (reader.ReadLine() is string line)
            lines.Add(line);
        return lines.ToArray();
    }

    private static string[] Read(string text, int step)
    {
        using var reader = new LineReader(new StepStream(Encoding.UTF8.GetBytes(text), step));
        var lines = new List<string>();
        while (reader.TryRead(out ReadOnlySpan<byte> line))
            lines.Add(Encoding.UTF8.GetString(line));
        return lines.ToArray();
    }

    private sealed class StepStream(byte[] bytes, int step) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, step));
    }
}
