using System.Net.NetworkInformation;

namespace Bpf.Loader.Testing;

/// <summary>The header of an Ethernet frame.</summary>
/// <param name="Source">The sender.</param>
/// <param name="Destination">The receiver.</param>
/// <param name="Type">What follows, such as <c>0x0800</c> for IPv4.</param>
public readonly record struct EthernetHeader(PhysicalAddress Source, PhysicalAddress Destination, ushort Type);
