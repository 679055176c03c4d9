namespace Bpf.Loader.Btf;

/// <summary>What a value is on the wire, where its bytes are in network order whatever the machine's is.</summary>
public enum BtfNetworkType
{
    /// <summary>Nothing: it has the machine's byte order.</summary>
    None,

    /// <summary>A number, such as a port.</summary>
    Number,

    /// <summary>An IPv4 address, of four bytes.</summary>
    IPv4Address,

    /// <summary>An IPv6 address, of sixteen bytes.</summary>
    IPv6Address,
}
