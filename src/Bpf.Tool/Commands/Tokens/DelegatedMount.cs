using System;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace Bpf.Tool.Commands.Tokens;

/// <summary>A mounted bpf file system that delegates something: what tokens made of it allow.</summary>
/// <param name="Path">Where it is mounted.</param>
/// <param name="Options">Its mount options, as the kernel writes them.</param>
internal sealed record DelegatedMount(string Path, string[] Options)
{
    // proc(5): what is mounted, in the form of fstab(5), as this process sees it.
    private const string MountsPath = "/proc/mounts";

    /// <summary>The kinds of things that are delegated: bpftool's word, and the mount option (<c>kernel/bpf/inode.c</c>, Linux 6.9).</summary>
    public static IReadOnlyList<(string Word, string Option)> Kinds { get; } =
    [
        ("allowed_cmds", "delegate_cmds"), ("allowed_maps", "delegate_maps"), ("allowed_progs", "delegate_progs"), ("allowed_attachs", "delegate_attachs"),
    ];

    /// <summary>Those that this process sees.</summary>
    /// <exception cref="IOException">There is no <c>/proc/mounts</c>.</exception>
    public static IEnumerable<DelegatedMount> All() => Parse(File.ReadLines(MountsPath, Encoding.Latin1));

    /// <summary>Those of a table of mounts.</summary>
    /// <param name="lines">Its lines; a character is a byte, since paths are bytes.</param>
    internal static IEnumerable<DelegatedMount> Parse(IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            // Source, mount point, type, options.
            if (line.Split(' ') is not [_, var path, "bpf", var options, ..]) continue;
            var mount = new DelegatedMount(Unescape(path), options.Split(','));
            foreach ((_, string option) in Kinds)
            {
                if (mount.ValueOf(option) is null) continue;
                yield return mount;
                break;
            }
        }
    }

    /// <summary>What is delegated of a kind: names of the kernel, numbers where it has none, or <c>any</c>.</summary>
    public string[] Of(string option) => ValueOf(option)?.Split(':', StringSplitOptions.RemoveEmptyEntries) ?? [];

    private string? ValueOf(string option) =>
        Array.Find(Options, text => text.Length > option.Length && text[option.Length] == '=' && text.StartsWith(option, StringComparison.Ordinal))?[(option.Length + 1)..];

    // Spaces, tabs, line ends and backslashes are written as three octal digits.
    private static string Unescape(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length && IsOctal(text.AsSpan(i + 1, 3)))
            {
                bytes.Add((byte)(((text[i + 1] - '0') * 64) + ((text[i + 2] - '0') * 8) + (text[i + 3] - '0')));
                i += 3;
            }
            else
            {
                bytes.Add((byte)text[i]);
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    private static bool IsOctal(ReadOnlySpan<char> digits) => !digits.ContainsAnyExceptInRange('0', '7');
}
