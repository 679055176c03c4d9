using System.Net;

namespace Bpf.Loader.Links.Network;

/// <summary>A route.</summary>
/// <param name="Destination">Where it leads to.</param>
/// <param name="InterfaceIndex">The device.</param>
/// <param name="Gateway">The next router, if any.</param>
/// <param name="Table">The routing table.</param>
/// <param name="Metric">The lower, the more it is preferred; 0 for the kernel's choice.</param>
internal sealed record RoutePlace(IPNetwork Destination, int InterfaceIndex, IPAddress? Gateway, uint Table, uint Metric);
