using System;
using System.Linq;
using Bpf.Loader.Logging;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Bpf.Loader.Tests.Logging;

public class LogTemplateTests
{
    [Theory]
    [InlineData("opened %s by %d", "comm, event->pid", "opened {comm} by {pid}", "opened cat by 42", "cat", 42)]
    [InlineData("%-6s|%4d|%04x|%#llx|%%", "a, b, c, d", "{a,-6}|{b,4}|{c:x4}|0x{d:x}|%", "cat   |  42|002a|0xffffffffffffffff|%", "cat", 42, 42u, ulong.MaxValue)]
    [InlineData("%.2s %c %o %5.3d", "a, b, c, d", "{a} {b} {c} {d:D3}", "ca x 10 007", "cat", 120, 8, 7)]
    [InlineData("%lu %zd %hhu %i", "a, b, c, d", "{a} {b} {c} {d}", "1 2 3 4", 1ul, 2L, 3u, 4)]
    [InlineData("100% of {x}", "n", "100% of {x}", "100% of 7", 7)]
    [InlineData("more %d than %d", "n", "more {n} than %d", "more 7 than %d", 7)]
    [InlineData("fewer", "a, b", "fewer a={a} b={b}", "fewer a=1 b=2", 1, 2)]
    [InlineData("opened {file} by {who.pid,5}, {flags:x}", "x, y, z", "opened {file} by {who.pid,5}, {flags:x}", "opened cat by    42, 2a", "cat", 42, 42)]
    [InlineData("{{literal}} {n}", "x", "{{literal}} {n}", "{literal} 1", 1)]
    [InlineData("{n} and {n}", "x, y", "{n} and {n_2}", "1 and 2", 1, 2)]
    [InlineData("{lone %d", "x", "{{lone {x}", "{lone 1", 1)]
    [InlineData("{x} of %d", "a", "{x} of %d", "5 of %d", 5)]
    [InlineData("%pI4 %s", "&addr, name", "{addr} {name}", "0x1 cat", "0x1", "cat")]
    [InlineData("nothing", "", "nothing", "nothing")]
    [InlineData("%5", "x", "%5 x={x}", "%5 x=1", 1)]
    [InlineData("evil %s", "s", "evil {s}", "evil a\\x0ab\\x1b[31m", "a\nb\x1b[31m")]
    public void Formats_are_understood(string format, string arguments, string template, string message, params object[] values)
    {
        var layout = LogTemplate.Parse(format, LogNames.Split(arguments, values.Length));
        Assert.Equal((template, message), (layout.Template, layout.Show(values)));
    }

    [Theory]
    [InlineData("pid, event->comm, e.address.port, (u32)flags, bpf_user_str(ctx->name)", "pid", "comm", "port", "flags", "name")]
    [InlineData("a->pid, b->pid, pid[0]", "a_pid", "b_pid", "pid_0")]
    [InlineData("max(a, b), \"x,y\", ',', 5, -1, x + 1", "b", "y", "value3", "value4", "value5", "x_1")]
    [InlineData("n, n", "n", "n_2")]
    public void Names_are_those_of_the_arguments(string arguments, params string[] names) =>
        Assert.Equal(names, LogNames.Split(arguments, names.Length));

    [Fact]
    public void Any_format_is_shown() => Prop.ForAll<string, string, int>((format, arguments, count) =>
    {
        object[] values = [.. Enumerable.Range(0, Math.Abs(count) % 13).Select(static i => (object)(ulong)i)];
        var layout = LogTemplate.Parse(format ?? "", LogNames.Split(arguments ?? "", values.Length));
        string message = layout.Show(values);
        Assert.DoesNotContain(message, char.IsControl);
        Assert.Equal(values.Length, layout.Names.Distinct().Count());
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_text_of_the_characters_of_formats_is_shown() => Prop.ForAll<int[]>(codes =>
    {
        const string Characters = "%{}dsxXcop0123456789.-+# l:,an";
        string format = string.Concat((codes ?? []).Select(code => Characters[(int)((uint)code % (uint)Characters.Length)]));
        for (int count = 0; count < 4; count++)
        {
            object[] values = [.. Enumerable.Range(0, count).Select(static i => (object)(i - 1L))];
            Assert.InRange(LogTemplate.Parse(format, LogNames.Split("a, b, c", count)).Show(values).Length, 0, 100_000);
        }
    }).QuickCheckThrowOnFailure();
}
