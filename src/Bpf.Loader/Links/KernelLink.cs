using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Links;

/// <summary>A link that is nothing but the kernel's: closing its last descriptor detaches.</summary>
[SupportedOSPlatform("linux")]
internal sealed class KernelLink(FileDescriptorHandle handle, string target) : BpfLink(handle, target)
{
    private protected override void Release(bool detach)
    {
        // Closing the descriptor is all there is to do.
    }
}
