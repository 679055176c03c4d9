using Bpf.Loader.Links;
using Bpf.Loader.Links.Network;

namespace Bpf.Loader;

public sealed partial class BpfProgram
{
    /// <summary>Attaches to a network device, before the kernel makes a buffer of the packet.</summary>
    /// <param name="interfaceName">The device, in the calling thread's network namespace.</param>
    /// <param name="options">Mode and way; none lets the kernel choose.</param>
    /// <exception cref="BpfAttachException">There is no such device, another program is there, the driver cannot, or the kernel refused.</exception>
    /// <remarks>Linux 4.8, by a link 5.9; CAP_NET_ADMIN.</remarks>
    public BpfLink AttachXdp(string interfaceName, XdpOptions? options = null) =>
        Watch(XdpAttacher.Attach(ToAttach, NetworkInterface.Find(interfaceName), options ?? new XdpOptions()));

    /// <summary>Attaches to a network device, before the kernel makes a buffer of the packet.</summary>
    /// <param name="interfaceIndex">The device's number, in the calling thread's network namespace.</param>
    /// <param name="options">Mode and way; none lets the kernel choose.</param>
    /// <exception cref="BpfAttachException">There is no such device, another program is there, the driver cannot, or the kernel refused.</exception>
    /// <remarks>Linux 4.8, by a link 5.9; CAP_NET_ADMIN.</remarks>
    public BpfLink AttachXdp(int interfaceIndex, XdpOptions? options = null) =>
        Watch(XdpAttacher.Attach(ToAttach, NetworkInterface.Of(interfaceIndex), options ?? new XdpOptions()));
}
