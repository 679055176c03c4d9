using System.Runtime.InteropServices;

namespace Bpf.Loader.Interop.Uapi;

/// <summary>BPF_RAW_TRACEPOINT_OPEN.</summary>
[StructLayout(LayoutKind.Explicit, Size = 24)]
internal struct RawTracepointAttr
{
    /// <summary>What is passed as the size: the end of the last field.</summary>
    public const uint WireSize = 24;

    [FieldOffset(0)]
    public ulong Name;

    [FieldOffset(8)]
    public uint ProgFd;

    // 6.9.
    [FieldOffset(16)]
    public ulong Cookie;
}
