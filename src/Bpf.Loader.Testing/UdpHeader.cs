namespace Bpf.Loader.Testing;

/// <summary>A UDP header.</summary>
/// <param name="SourcePort">The port of the sender.</param>
/// <param name="Port">The port of the receiver.</param>
/// <param name="Length">The bytes of header and what follows, as the header says.</param>
/// <param name="IsChecksumValid">Whether the checksum is right; over IPv4 it may be left out, as 0.</param>
public readonly record struct UdpHeader(ushort SourcePort, ushort Port, ushort Length, bool IsChecksumValid);
