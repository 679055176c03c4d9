using System;

namespace Bpf.Loader.Interop;

/// <summary>The <c>EPOLL*</c> bits.</summary>
[Flags]
internal enum EpollEvents : uint
{
    None = 0,
    In = 0x1,
    Out = 0x4,
    Error = 0x8,
    HangUp = 0x10,
    EdgeTriggered = 1u << 31,
}
