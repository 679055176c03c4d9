using System.Collections.Generic;
using Bpf.Loader.Interop;
using Bpf.Loader.Links.Info;

namespace Bpf.Loader;

public abstract partial class BpfLink
{
    /// <summary>What the kernel tells of the link: a record of the link's type, such as <see cref="DeviceLinkInfo"/>.</summary>
    /// <exception cref="BpfNotSupportedException">The kernel has no link object for this attachment.</exception>
    /// <exception cref="BpfException">The kernel does not tell.</exception>
    /// <remarks>Linux 5.8; some types tell more since later versions.</remarks>
    public BpfLinkInfo GetInfo() => LinkInfoReader.Read(RequireHandle(), Target);

    /// <summary>The numbers of all links of this system, in rising order.</summary>
    /// <exception cref="BpfException">CAP_SYS_ADMIN is missing.</exception>
    /// <remarks>Linux 5.8.</remarks>
    public static IEnumerable<uint> EnumerateIds() => IdWalk.Of(BpfCommand.LinkGetNextId);
}
