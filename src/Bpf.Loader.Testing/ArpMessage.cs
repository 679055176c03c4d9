using System.Net;
using System.Net.NetworkInformation;

namespace Bpf.Loader.Testing;

/// <summary>A question or answer of ARP, for IPv4 over Ethernet.</summary>
/// <param name="IsAnswer">True for an answer.</param>
/// <param name="SenderMac">The hardware address of the sender.</param>
/// <param name="Sender">Its address.</param>
/// <param name="TargetMac">The hardware address that is answered to; zero in a question.</param>
/// <param name="Target">The address that is asked for.</param>
public readonly record struct ArpMessage(bool IsAnswer, PhysicalAddress SenderMac, IPAddress Sender, PhysicalAddress TargetMac, IPAddress Target);
