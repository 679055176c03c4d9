namespace Bpf.Loader.Links;

/// <summary>Where on its way netfilter looks at a packet: <c>NF_INET_*</c>.</summary>
public enum NetfilterHook : uint
{
    /// <summary><c>NF_INET_PRE_ROUTING</c>: when it has come in.</summary>
    PreRouting = 0,

    /// <summary><c>NF_INET_LOCAL_IN</c>: before it goes to a process of this machine.</summary>
    LocalIn = 1,

    /// <summary><c>NF_INET_FORWARD</c>: when it is passed on.</summary>
    Forward = 2,

    /// <summary><c>NF_INET_LOCAL_OUT</c>: when it comes from a process of this machine.</summary>
    LocalOut = 3,

    /// <summary><c>NF_INET_POST_ROUTING</c>: before it goes out.</summary>
    PostRouting = 4,
}
