using System;

namespace Bpf.Loader.Interop;

/// <summary>Takes what the kernel tells over netlink without being asked.</summary>
internal interface INetlinkNews
{
    /// <summary>Takes messages that came at once, with their headers.</summary>
    void Take(ReadOnlySpan<byte> message);

    /// <summary>Nothing more is waiting.</summary>
    /// <param name="isLost">Whether messages were lost since the last rest, for want of room.</param>
    void Rest(bool isLost);
}
