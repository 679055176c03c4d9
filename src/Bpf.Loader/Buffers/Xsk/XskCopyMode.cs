namespace Bpf.Loader.Buffers.Xsk;

/// <summary>Whether packets are copied between the driver's memory and the socket's.</summary>
public enum XskCopyMode
{
    /// <summary>Not where the driver can do without, else yes.</summary>
    Default = 0,

    /// <summary><c>XDP_COPY</c>: yes, with any driver.</summary>
    Copy = 1 << 1,

    /// <summary><c>XDP_ZEROCOPY</c>: no, or not at all.</summary>
    ZeroCopy = 1 << 2,
}
