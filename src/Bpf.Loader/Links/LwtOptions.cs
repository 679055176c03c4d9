using System.Net;

namespace Bpf.Loader.Links;

/// <summary>The route that carries a program.</summary>
public sealed record LwtOptions
{
    /// <summary>The next router; null for what is reached by the device itself.</summary>
    public IPAddress? Gateway { get; init; }

    /// <summary>The routing table; 254 is the main one.</summary>
    public uint Table { get; init; } = 254;

    /// <summary>The lower, the more it is preferred to other routes to the same place; 0 for the kernel's choice.</summary>
    public uint Metric { get; init; }
}
