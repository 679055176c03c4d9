using System.Globalization;
using System.IO;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Links;

/// <summary>What the kernel calls the object behind a descriptor, such as <c>anon_inode:bpf_link</c>.</summary>
[SupportedOSPlatform("linux")]
internal static class DescriptorName
{
    public static string Of(FileDescriptorHandle handle)
    {
        using HandleUse use = handle.Use();
        return new FileInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{use.Descriptor}")).LinkTarget ?? "";
    }
}
