using System.Net;
using Bpf.Loader.Links;
using Bpf.Loader.Links.Network;

namespace Bpf.Loader;

public sealed partial class BpfProgram
{
    /// <summary>
    /// Adds a route whose packets the program sees: those that came in by it (<c>lwt_in</c>), that go out by it (<c>lwt_out</c>), just
    /// before they leave (<c>lwt_xmit</c>), or of IPv6 those whose next segment it is (<c>lwt_seg6local</c>: the action End.BPF). Disposing
    /// removes the route.
    /// </summary>
    /// <param name="destination">Where the route leads to.</param>
    /// <param name="interfaceName">The device, in the calling thread's network namespace.</param>
    /// <param name="options">The rest of the route; none is the main table and no router.</param>
    /// <exception cref="BpfAttachException">There is no such device, there is such a route, or the kernel refused.</exception>
    /// <remarks>Linux 4.10 with CONFIG_LWTUNNEL_BPF; segments 4.18 with CONFIG_IPV6_SEG6_BPF; CAP_NET_ADMIN.</remarks>
    public BpfLink AttachLwt(IPNetwork destination, string interfaceName, LwtOptions? options = null) =>
        Watch(LwtAttacher.Attach(ToAttach, destination, NetworkInterface.Find(interfaceName), options ?? new LwtOptions()));
}
