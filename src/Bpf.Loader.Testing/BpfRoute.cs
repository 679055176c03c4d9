using System.Net;
using System.Net.NetworkInformation;

namespace Bpf.Loader.Testing;

/// <summary>Where packets go, for <c>bpf_fib_lookup</c>.</summary>
/// <param name="Interface">The device that they leave by.</param>
public sealed record BpfRoute(uint Interface)
{
    /// <summary>The address of that device.</summary>
    public PhysicalAddress Source { get; init; } = PhysicalAddress.Parse("020000000001");

    /// <summary>The address of the next hop; null when it is not known, which programs are told as <c>BPF_FIB_LKUP_RET_NO_NEIGH</c>.</summary>
    public PhysicalAddress? NextHop { get; init; } = PhysicalAddress.Parse("020000000002");

    /// <summary>The gateway; null when the destination is on the device's own network.</summary>
    public IPAddress? Gateway { get; init; }

    /// <summary>How long packets may be; longer ones are told as <c>BPF_FIB_LKUP_RET_FRAG_NEEDED</c>.</summary>
    public ushort Mtu { get; init; } = 1500;
}
