namespace Bpf.Loader.Testing;

/// <summary>The header of a message of ICMP or ICMPv6.</summary>
/// <param name="Type">The type, such as 8 for a ping.</param>
/// <param name="Code">The code.</param>
/// <param name="Rest">The four bytes that follow the checksum.</param>
/// <param name="IsChecksumValid">Whether the checksum is right.</param>
public readonly record struct IcmpMessage(byte Type, byte Code, uint Rest, bool IsChecksumValid);
