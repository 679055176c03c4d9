namespace Bpf.Loader.Testing.Packets;

/// <summary>What a layer of a packet is.</summary>
internal enum PacketLayer
{
    Ethernet,
    Vlan,
    Arp,
    IPv4,
    IPv6,
    Tcp,
    Udp,
    IcmpV4,
    IcmpV6,
    Payload,
}
