using Bpf.Loader.Links;

namespace Bpf.Loader;

public sealed partial class BpfProgram
{
    /// <summary>Attaches a flow dissector or a socket lookup to a network namespace.</summary>
    /// <param name="path">The namespace, such as <c>/proc/PID/ns/net</c> or <c>/run/netns/NAME</c>; <see langword="null"/> for the calling thread's.</param>
    /// <exception cref="BpfAttachException">The path is no network namespace, another program is there, or the kernel refused.</exception>
    /// <remarks>Flow dissector Linux 5.8 (4.20 without a link), socket lookup 5.9; CAP_NET_ADMIN.</remarks>
    public BpfLink AttachNetns(string? path = null) => Watch(NetnsAttacher.Attach(ToAttach, path));
}
