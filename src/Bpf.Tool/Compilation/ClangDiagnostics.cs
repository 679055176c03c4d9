using System;
using System.Globalization;
using System.Text.RegularExpressions;
using Bpf.Loader;
using Bpf.Tool.Output;

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
            _ = int.TryParse(match.Groups["line"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int at);
            _ = int.TryParse(match.Groups["column"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int column);
            return BuildLine.Of(Finding(match, new BpfLocation(SourceFile: match.Groups["file"].Value, SourceLine: at, SourceColumn: column)), source);
        }

        match = General().Match(line);
        return match.Success ? BuildLine.Of(Finding(match, default), source) : line;
    }

    private static BpfFinding Finding(Match match, BpfLocation place)
    {
        string text = match.Groups["text"].Value;
        bool isWarning = match.Groups["kind"].Value == "warning";
        string? cure = Cure(text);
        return new BpfFinding
        {
            Id = isWarning ? BpfDiagnosticId.ClangWarning : text.EndsWith("file not found", StringComparison.Ordinal) ? BpfDiagnosticId.HeaderNotFound : BpfDiagnosticId.ClangError,
            Severity = isWarning ? BpfSeverity.Warning : BpfSeverity.Error,
            What = cure is null ? text : text + ".",
            Place = place,
            Cure = cure,
        };
    }

    private static string? Cure(string text)
    {
        if (!text.EndsWith("file not found", StringComparison.Ordinal)) return null;
        if (text.StartsWith("'vmlinux.h'", StringComparison.Ordinal))
            return "Set the property BpfVmlinux to true to have it made from the running kernel's types, or make it: bpf gen vmlinux -o vmlinux.h";
        if (text.StartsWith("'bpf/", StringComparison.Ordinal))
            return "It is none of the headers that come with the build. If it is libbpf's: install them (Debian, Ubuntu: apt install libbpf-dev; Fedora: dnf install libbpf-devel), or name their folder by the property BpfIncludeDirectories";
        if (text.StartsWith("'linux/", StringComparison.Ordinal) || text.StartsWith("'asm/", StringComparison.Ordinal))
            return "It is one of the kernel's headers: install them (Debian, Ubuntu: apt install linux-libc-dev; Fedora: dnf install kernel-headers), or include vmlinux.h instead";
        return null;
    }

    [GeneratedRegex(@"^(?<file>[^\s<\0][^\n\0]*?):(?<line>\d+):(?<column>\d+): (?<kind>fatal error|error|warning): (?<text>.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Located();

    [GeneratedRegex(@"^(?:clang(?:-\d+)?: )?(?<kind>fatal error|error|warning): (?<text>.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex General();
}
