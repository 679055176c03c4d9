namespace Bpf.Loader.Buffers.Xsk;

/// <summary>The sizes and ways of an AF_XDP socket.</summary>
public sealed record XskOptions
{
    /// <summary>The queue of the device whose packets the socket takes.</summary>
    public int Queue { get; init; }

    /// <summary>How many packets may wait to be received, and as many to be sent; a power of 2. Each has a frame of <see cref="FrameSize"/>.</summary>
    public int RingSize { get; init; } = 2048;

    /// <summary>The bytes of a frame, of which 256 are before the packet: 2048 or 4096.</summary>
    public int FrameSize { get; init; } = 4096;

    /// <summary>How many sockets there are frames for: this one, and those that <see cref="XskSocket.OpenShared"/> opens.</summary>
    public int Sockets { get; init; } = 1;

    /// <summary>Whether packets are copied.</summary>
    public XskCopyMode CopyMode { get; init; }
}
