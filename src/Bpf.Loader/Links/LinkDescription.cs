using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Interop.Uapi;

namespace Bpf.Loader.Links;

/// <summary>Describes a link that was not attached here by what the kernel tells of it.</summary>
[SupportedOSPlatform("linux")]
internal static class LinkDescription
{
    public static string Of(FileDescriptorHandle handle) =>
        BpfSyscall.GetLinkInfo(handle, out LinkInfo info) == Errno.None ? $"{info.Type} (link {info.Id})" : "a link";
}
