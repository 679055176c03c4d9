using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Bpf.Loader.Tests.Tool;

/// <summary>Names of an object are somebody else's: none may act on the terminal that they are shown on.</summary>
public sealed class TerminalTests : IDisposable
{
    private const int Length = 24;

    private readonly TemporaryFolder _folder = new();

    // What a terminal, an editor, a compiler or a reader of logs would take for more than a name.
    public static TheoryData<string> Names =>
    [
        "\u001b[31mRED\u001b[0m\u001b]0;t\a", "a\u007f\u009b31mX\u0085", "a\nforged();//", "a\rforged();", "x\u2028y\u2029z", "q\u202egpj\u2066\u2069",
        "\u0001\u0002\b\f\v\u000e", "\u061c\u200e\u200f\ufeff\u00ad", "\U000E0041\U000E0042", "\u001bP1$r\u001b\\", "a\tb", "%s{0}[red]x[/]", "*/ int x; /*",
        "</summary><a b=\"&\">", "\";forged();//", "\U0001F600\U00010400ab", "class",
    ];

    public static IReadOnlyList<string[]> Commands { get; } =
    [
        ["inspect"], ["inspect", "--json"], ["relocate", "--dump", "--verbose"], ["relocate", "--json"], ["verify"], ["verify", "--json"], ["verify", "--each"],
        ["btf", "dump"], ["btf", "dump", "--format", "c"], ["btf", "dump", "--format", "json"], ["gen", "skeleton"], ["gen", "vmlinux", "--btf"],
        ["run", "--set", "missing=1"], ["inspect", "missing"], ["gen", "skeleton", "--class", "1"],
    ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void No_command_lets_a_name_act_on_a_terminal(string name) => AssertHarmless(Encoding.UTF8.GetBytes(name));

    [Fact]
    public void Bytes_that_are_no_text_become_text() => AssertHarmless([0xff, 0xfe, 0xc0, 0x80, (byte)'z', 0x80, 0x9b, 0xe2, 0x80]);

    private void AssertHarmless(byte[] name)
    {
        string path = _folder.PathOf("names.bpf.o");
        File.WriteAllBytes(path, Renamed(name));
        foreach (string[] command in Commands)
        {
            BpfTool tool = BpfTool.Run([.. command, path]);
            string what = string.Join(' ', command);
            Assert.True(tool.ExitCode is 0 or 1 or 2, $"{what}: {tool.ExitCode} {tool.Error}");
            foreach (string text in new[] { tool.Output, tool.Error })
            {
                Assert.All(text.EnumerateRunes(), rune => Assert.True(rune.Value is '\n' or '\t' || BpfText.IsPrintable(rune), $"{what}: U+{rune.Value:x4}"));
                Assert.DoesNotContain(text.Split('\n'), line => line.StartsWith("forged", StringComparison.Ordinal));
            }

            if (tool.ExitCode == 0 && command.Contains("--json")) Assert.All(tool.Lines, line => Assert.Equal(JsonValueKind.Object, line.ValueKind));
        }
    }

    // Each name of the object with another beginning, and told apart by its last letter.
    private static byte[] Renamed(byte[] name)
    {
        byte[] bytes = TestData.Read("names_long.bpf.o");
        foreach (char letter in "ECTSFNMVOLDP")
        {
            byte[] old = Encoding.ASCII.GetBytes(new string(letter, Length)), replaced = new byte[Length];
            int length = Math.Min(name.Length, Length - 1);
            name.AsSpan(0, length).CopyTo(replaced);
            replaced[length] = (byte)letter;
            for (int at = bytes.AsSpan().IndexOf(old); at >= 0; at = bytes.AsSpan().IndexOf(old)) replaced.CopyTo(bytes, at);
        }

        return bytes;
    }
}
