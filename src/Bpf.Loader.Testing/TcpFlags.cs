using System;

namespace Bpf.Loader.Testing;

/// <summary>The flags of a TCP header.</summary>
[Flags]
public enum TcpFlags : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>FIN: the sender has no more data.</summary>
    Finish = 1,

    /// <summary>SYN: a connection is opened.</summary>
    Synchronize = 2,

    /// <summary>RST: the connection is broken off.</summary>
    Reset = 4,

    /// <summary>PSH.</summary>
    Push = 8,

    /// <summary>ACK: the acknowledgement counts.</summary>
    Acknowledge = 16,

    /// <summary>URG.</summary>
    Urgent = 32,

    /// <summary>ECE: congestion was seen.</summary>
    CongestionEcho = 64,

    /// <summary>CWR: the sender has slowed down.</summary>
    CongestionReduced = 128,
}
