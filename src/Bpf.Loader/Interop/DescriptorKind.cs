using System.Globalization;
using System.IO;

namespace Bpf.Loader.Interop;

/// <summary>What is behind a descriptor: BPF_OBJ_GET opens whatever is pinned, and BPF_OBJ_GET_INFO_BY_FD describes whatever it gets.</summary>
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
        string path = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{use.Descriptor}");
        string? target = new FileInfo(path).LinkTarget;
        return target is not null && target.StartsWith(Prefix, System.StringComparison.Ordinal) ? target[Prefix.Length..] : null;
    }

    /// <summary>Whether the descriptor is, or may be, of a kind.</summary>
    public static bool MayBe(FileDescriptorHandle handle, string kind) => Of(handle) is not string actual || actual == kind;
}
