namespace Bpf.Loader.Testing;

/// <summary>What becomes of a packet that an XDP program saw: <c>enum xdp_action</c>.</summary>
public enum XdpAction
{
    /// <summary><c>XDP_ABORTED</c>: the program failed, and the packet is dropped.</summary>
    Aborted = 0,

    /// <summary><c>XDP_DROP</c>.</summary>
    Drop = 1,

    /// <summary><c>XDP_PASS</c>: to the network stack.</summary>
    Pass = 2,

    /// <summary><c>XDP_TX</c>: back to where it came from.</summary>
    Transmit = 3,

    /// <summary><c>XDP_REDIRECT</c>: to where <see cref="BpfRun.Redirect"/> says.</summary>
    Redirect = 4,
}
