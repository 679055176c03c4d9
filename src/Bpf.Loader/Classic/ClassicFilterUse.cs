namespace Bpf.Loader.Classic;

/// <summary>What a filter decides about, which is what its loads read.</summary>
public enum ClassicFilterUse
{
    /// <summary>Packets of a socket: loads read the packet; the result is how many bytes of it are kept.</summary>
    Socket,

    /// <summary>System calls (seccomp): loads read <c>struct seccomp_data</c>; the result is one of <c>SECCOMP_RET_*</c>.</summary>
    Seccomp,
}
