using System;
using System.Collections.Generic;
using System.IO;
using System.Text.RegularExpressions;
using Bpf.Loader;
using Bpf.Loader.Btf;

namespace Bpf.Tool.Headers;

/// <summary>The names that sources or objects use, whatever for: types, members, constants, functions.</summary>
internal static partial class SourceWords
{
    // What libbpf's headers use without being asked.
    private static readonly string[] OfHeaders =
    [
        "__u8", "__u16", "__u32", "__u64", "__s8", "__s16", "__s32", "__s64", "u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64",
        "__be16", "__be32", "__be64", "__le16", "__le32", "__le64", "__wsum", "bool", "size_t", "bpf_map_type", "bpf_iter_num", "BPF_ANY", "BPF_F_CURRENT_CPU",
    ];

    /// <summary>Collects the names.</summary>
    /// <param name="files">C sources, with the headers that they include, and objects.</param>
    /// <param name="folders">Where headers are looked for that are not beside the file that includes them.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="BpfFormatException">An object is malformed.</exception>
    public static HashSet<string> Of(IEnumerable<string> files, IReadOnlyList<string> folders)
    {
        var words = new HashSet<string>(OfHeaders, StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string file in files)
        {
            if (file.EndsWith(".o", StringComparison.Ordinal)) AddObject(words, file);
            else AddSource(words, seen, Path.GetFullPath(file), folders);
        }

        return words;
    }

    private static void AddSource(HashSet<string> words, HashSet<string> seen, string path, IReadOnlyList<string> folders)
    {
        if (!seen.Add(path)) return;
        string text = File.ReadAllText(path);
        foreach (Match include in Includes().Matches(text))
        {
            string header = include.Groups[1].Value;
            if (Path.GetFileName(header) == "vmlinux.h") continue;
            foreach (string folder in (string[])[Path.GetDirectoryName(path)!, .. folders])
            {
                if (!File.Exists(Path.Combine(folder, header))) continue;
                AddSource(words, seen, Path.GetFullPath(Path.Combine(folder, header)), folders);
                break;
            }
        }

        foreach (ValueMatch word in Words().EnumerateMatches(text))
        {
            string name = text.Substring(word.Index, word.Length);
            words.Add(name);
            // struct task_struct___old means task_struct.
            int flavor = name.IndexOf("___", 1, StringComparison.Ordinal);
            if (flavor > 0) words.Add(name[..flavor]);
            // The macros of bpf_tracing.h reach for the registers by themselves.
            if (name.StartsWith("BPF_K", StringComparison.Ordinal) || name.StartsWith("BPF_U", StringComparison.Ordinal) || name.StartsWith("PT_REGS", StringComparison.Ordinal))
                words.UnionWith(["pt_regs", "user_pt_regs"]);
        }
    }

    private static void AddObject(HashSet<string> words, string path)
    {
        if (BpfObjectFile.Open(path).Btf is not { } btf) return;
        for (int i = 1; i < btf.TypeCount; i++)
        {
            BtfType type = btf[new BtfTypeId(i)];
            string name = type.Name;
            int flavor = name.IndexOf("___", StringComparison.Ordinal);
            words.Add(flavor > 0 ? name[..flavor] : name);
            foreach (BtfMember member in type.Members) words.Add(member.Name);
            foreach (BtfEnumerator entry in type.Enumerators) words.Add(entry.Name);
        }
    }

    [GeneratedRegex("^[ \\t]*#[ \\t]*include[ \\t]*[\"<]([^\">]+)[\">]", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Includes();

    [GeneratedRegex("[A-Za-z_][A-Za-z0-9_]*", RegexOptions.CultureInvariant)]
    private static partial Regex Words();
}
