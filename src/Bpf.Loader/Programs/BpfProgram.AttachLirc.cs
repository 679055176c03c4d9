using System;
using Bpf.Loader.Links;

namespace Bpf.Loader;

public sealed partial class BpfProgram
{
    /// <summary>Attaches a decoder (<c>lirc_mode2</c>) to an infrared receiver: it sees each pulse and each pause.</summary>
    /// <param name="path">The device, such as <c>/dev/lirc0</c>.</param>
    /// <exception cref="BpfAttachException">There is no such receiver, or the kernel refused.</exception>
    /// <remarks>Linux 4.18 with CONFIG_BPF_LIRC_MODE2; CAP_NET_ADMIN.</remarks>
    public BpfLink AttachLirc(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Watch(LircAttacher.Attach(ToAttach, path));
    }
}
