using System;
using System.IO;
using System.Text.RegularExpressions;

namespace Bpf.Tool.Compilation;

/// <summary>Writes what clang says in the form that MSBuild and editors understand: <c>file(line,column): error CODE: text</c>.</summary>
internal static partial class ClangDiagnostics
{
    /// <summary>Rewrites a line; one that is no warning or error stays as it is.</summary>
    /// <param name="line">The line.</param>
    /// <param name="source">The C source, to which belongs what names no file.</param>
    public static string Rewrite(string line, string source)
    {
        Match match = Located().Match(line);
        if (match.Success)
        {
            string text = match.Groups["text"].Value;
            return $"{Path.GetFullPath(match.Groups["file"].Value)}({match.Groups["line"].Value},{match.Groups["column"].Value}): {Label(match.Groups["kind"].Value, text)}: {text}{Hint(text)}";
        }

        match = General().Match(line);
        return match.Success
            ? $"{Path.GetFullPath(source)} : {Label(match.Groups["kind"].Value, match.Groups["text"].Value)}: {match.Groups["text"].Value}{Hint(match.Groups["text"].Value)}"
            : line;
    }

    private static string Label(string kind, string text) => kind switch
    {
        "warning" => $"warning {BuildCodes.ClangWarning}",
        _ => $"error {(text.EndsWith("file not found", StringComparison.Ordinal) ? BuildCodes.NoHeader : BuildCodes.ClangError)}",
    };

    private static string Hint(string text)
    {
        if (!text.EndsWith("file not found", StringComparison.Ordinal)) return "";
        if (text.StartsWith("'vmlinux.h'", StringComparison.Ordinal))
            return ". Set the property BpfVmlinux to true to have it made from the running kernel's types, or make it: bpf gen vmlinux -o vmlinux.h";
        if (text.StartsWith("'bpf/", StringComparison.Ordinal))
            return ". It is none of the headers that come with the build. If it is libbpf's: install them (Debian, Ubuntu: apt install libbpf-dev; Fedora: dnf install libbpf-devel), or name their folder by the property BpfIncludeDirectories";
        if (text.StartsWith("'linux/", StringComparison.Ordinal) || text.StartsWith("'asm/", StringComparison.Ordinal))
            return ". It is one of the kernel's headers: install them (Debian, Ubuntu: apt install linux-libc-dev; Fedora: dnf install kernel-headers), or include vmlinux.h instead";
        return "";
    }

    [GeneratedRegex(@"^(?<file>[^\s<][^\n]*?):(?<line>\d+):(?<column>\d+): (?<kind>fatal error|error|warning): (?<text>.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Located();

    [GeneratedRegex(@"^(?:clang(?:-\d+)?: )?(?<kind>fatal error|error|warning): (?<text>.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex General();
}
