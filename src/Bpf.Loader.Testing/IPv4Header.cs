using System;
using System.Net;

namespace Bpf.Loader.Testing;

/// <summary>An IPv4 header.</summary>
public readonly record struct IPv4Header
{
    /// <summary>The sender.</summary>
    public required IPAddress Source { get; init; }

    /// <summary>The receiver.</summary>
    public required IPAddress Destination { get; init; }

    /// <summary>The hops that remain.</summary>
    public byte TimeToLive { get; init; }

    /// <summary>What follows, such as 6 for TCP.</summary>
    public byte Protocol { get; init; }

    /// <summary>Type of service, with its bits for congestion.</summary>
    public byte TypeOfService { get; init; }

    /// <summary>Flags and offset of a fragment.</summary>
    public ushort Fragment { get; init; }

    /// <summary>The bytes of header and what follows, as the header says.</summary>
    public ushort Length { get; init; }

    /// <summary>The options.</summary>
    public ReadOnlyMemory<byte> Options { get; init; }

    /// <summary>Whether the checksum is right.</summary>
    public bool IsChecksumValid { get; init; }
}
