using System;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using Bpf.Tool.Output;

namespace Bpf.Tool.Commands.Tokens;

/// <summary><c>bpf token</c>: what bpf file systems delegate to the user namespaces that they belong to, in bpftool's words.</summary>
[SupportedOSPlatform("linux")]
internal static class TokenCommand
{
    private const int ItemsPerLine = 4;

    public static Command Create() => KernelCommand.Group(
        "token", "Shows what is delegated by BPF tokens.", Show,
        KernelCommand.Create("token show|list", "Shows the mounted file systems of type bpf that delegate something (Linux 6.9): what a token made of them allows.", "", Show));

    private static void Show(Words words, JsonLines? lines)
    {
        words.End();
        foreach (DelegatedMount mount in DelegatedMount.All())
        {
            if (lines is not null) lines.Write(mount, Write);
            else Console.Out.Write(ToText(mount));
        }
    }

    /// <summary>The lines of a mount, as bpftool prints them, without the blanks that it leaves behind them.</summary>
    internal static string ToText(DelegatedMount mount)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"token_info  {Printable.Text(mount.Path)}\n");
        foreach ((string word, string option) in DelegatedMount.Kinds)
        {
            text.Append(CultureInfo.InvariantCulture, $"\t{word}:\n");
            foreach (string[] items in mount.Of(option).Chunk(ItemsPerLine))
                text.Append("\t  ").Append(string.Concat(Array.ConvertAll(items, static item => item.PadRight(20))).TrimEnd()).Append('\n');
        }

        return text.ToString();
    }

    private static void Write(Utf8JsonWriter json, DelegatedMount mount)
    {
        json.WriteStartObject();
        json.WriteString("token_info", mount.Path);
        foreach ((string word, string option) in DelegatedMount.Kinds)
        {
            json.WriteStartArray(word);
            foreach (string item in mount.Of(option)) json.WriteStringValue(item);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
