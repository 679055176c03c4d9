using System.Net;

namespace Bpf.Loader.Testing;

/// <summary>Finds where packets go.</summary>
/// <param name="source">Where they come from.</param>
/// <param name="destination">Where they are to go.</param>
/// <param name="ingressInterface">The device that they came in by.</param>
/// <returns>The route; null when there is none.</returns>
public delegate BpfRoute? BpfRouteLookup(IPAddress source, IPAddress destination, uint ingressInterface);
