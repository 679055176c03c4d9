namespace Bpf.Loader.Links;

/// <summary>Which protocol's packets netfilter looks at: <c>NFPROTO_*</c>.</summary>
public enum NetfilterFamily : uint
{
    /// <summary><c>NFPROTO_IPV4</c>.</summary>
    IPv4 = 2,

    /// <summary><c>NFPROTO_IPV6</c>.</summary>
    IPv6 = 10,
}
