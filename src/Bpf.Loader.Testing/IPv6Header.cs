using System.Net;

namespace Bpf.Loader.Testing;

/// <summary>An IPv6 header.</summary>
public readonly record struct IPv6Header
{
    /// <summary>The sender.</summary>
    public required IPAddress Source { get; init; }

    /// <summary>The receiver.</summary>
    public required IPAddress Destination { get; init; }

    /// <summary>The hops that remain.</summary>
    public byte HopLimit { get; init; }

    /// <summary>What follows, such as 6 for TCP; headers of extensions are part of the payload.</summary>
    public byte NextHeader { get; init; }

    /// <summary>The traffic class.</summary>
    public byte TrafficClass { get; init; }

    /// <summary>The flow label.</summary>
    public int FlowLabel { get; init; }

    /// <summary>The bytes of what follows, as the header says.</summary>
    public ushort PayloadLength { get; init; }
}
