namespace Bpf.Loader.Interop;

/// <summary><c>struct rlimit</c> of a 64-bit process.</summary>
internal struct ResourceLimit
{
    /// <summary>RLIM_INFINITY.</summary>
    public const ulong Infinity = ulong.MaxValue;

    public ulong Soft;

    public ulong Hard;
}
