using System.Runtime.InteropServices;

namespace Bpf.Loader.Interop.Uapi;

/// <summary>The second structure of a bpf(2) call with BPF_COMMON_ATTRS (newer than 6.19).</summary>
[StructLayout(LayoutKind.Explicit, Size = 24)]
internal struct CommonAttr
{
    /// <summary>What is passed as the size: the end of the last field.</summary>
    public const uint WireSize = 24;

    [FieldOffset(0)]
    public ulong LogBuf;

    [FieldOffset(8)]
    public uint LogSize;

    [FieldOffset(12)]
    public uint LogLevel;

    [FieldOffset(16)]
    public uint LogTrueSize;
}
