using System;
using System.Globalization;
using System.Runtime.Versioning;

namespace Bpf.Loader.Interop;

/// <summary>What is behind a descriptor: BPF_OBJ_GET opens whatever is pinned, and BPF_OBJ_GET_INFO_BY_FD describes whatever it gets.</summary>
[SupportedOSPlatform("linux")]
internal static class DescriptorKind
{
    /// <summary>A map.</summary>
    public const string Map = "bpf-map";

    /// <summary>A program.</summary>
    public const string Program = "bpf-prog";

    /// <summary>A link of any kind.</summary>
    public const string Link = "bpf_link";

    private const string Prefix = "anon_inode:";

    /// <summary>The kind; <see langword="null"/> when /proc is not mounted or the descriptor is no anonymous inode.</summary>
    public static string? Of(FileDescriptorHandle handle)
    {
        using HandleUse use = handle.Use();
        string? target = LinkTarget.Of(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{use.Descriptor}"));
        return target is not null && target.StartsWith(Prefix, StringComparison.Ordinal) ? target[Prefix.Length..] : null;
    }

    /// <summary>Whether what was read by <see cref="Of"/> is of a kind. The kernel has renamed links before.</summary>
    public static bool IsOf(string actual, string kind) => actual == kind || (kind == Link && actual.Contains("link", StringComparison.Ordinal));

    /// <summary>The kind in a word.</summary>
    public static string Word(string kind) => kind switch
    {
        Map => "map",
        Program => "program",
        "btf" => "BTF",
        "bpf-token" or "bpf_token" => "token",
        _ when IsOf(kind, Link) => "link",
        _ => kind,
    };
}
