using Bpf.Loader.Links;

namespace Bpf.Loader;

public sealed partial class BpfProgram
{
    /// <summary>Attaches to a hook of netfilter in the calling thread's network namespace.</summary>
    /// <param name="family">Whose packets.</param>
    /// <param name="hook">Where on their way.</param>
    /// <param name="options">Priority and defragmentation; none is priority 0 without.</param>
    /// <exception cref="BpfAttachException">Another program has the priority, or the kernel refused.</exception>
    /// <remarks>Linux 6.4; CAP_NET_ADMIN.</remarks>
    public BpfLink AttachNetfilter(NetfilterFamily family, NetfilterHook hook, NetfilterOptions? options = null) =>
        Watch(NetfilterAttacher.Attach(ToAttach, family, hook, options ?? new NetfilterOptions()));
}
