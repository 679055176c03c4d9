using System;

namespace Bpf.Loader.Testing;

/// <summary>Where a program sent a packet.</summary>
public sealed record BpfRedirect
{
    /// <summary>The map that it was looked up in; null when the program named a device.</summary>
    public string? Map { get; init; }

    /// <summary>The key in that map.</summary>
    public ReadOnlyMemory<byte> Key { get; init; }

    /// <summary>The key as a number, for maps whose keys have 4 bytes; else the index of the device.</summary>
    public uint Index { get; init; }

    /// <summary>The flags of the call.</summary>
    public ulong Flags { get; init; }

    /// <summary>The helper that was called.</summary>
    public required string Helper { get; init; }
}
