using System;

namespace Bpf.Loader.Testing;

/// <summary>A TCP header.</summary>
public readonly record struct TcpHeader
{
    /// <summary>The port of the sender.</summary>
    public ushort SourcePort { get; init; }

    /// <summary>The port of the receiver.</summary>
    public ushort Port { get; init; }

    /// <summary>The number of the first byte.</summary>
    public uint Sequence { get; init; }

    /// <summary>The number of the next byte that is expected.</summary>
    public uint Acknowledgement { get; init; }

    /// <summary>The flags.</summary>
    public TcpFlags Flags { get; init; }

    /// <summary>How much the sender takes.</summary>
    public ushort Window { get; init; }

    /// <summary>The options.</summary>
    public ReadOnlyMemory<byte> Options { get; init; }

    /// <summary>Whether the checksum is right.</summary>
    public bool IsChecksumValid { get; init; }
}
