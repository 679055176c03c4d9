using System.Runtime.InteropServices;

namespace Bpf.Loader.Interop.Uapi;

/// <summary>BPF_PROG_STREAM_READ_BY_FD (6.17).</summary>
[StructLayout(LayoutKind.Explicit, Size = 24)]
internal struct StreamReadAttr
{
    /// <summary>What is passed as the size: the end of the last field.</summary>
    public const uint WireSize = 24;

    [FieldOffset(0)]
    public ulong Buffer;

    [FieldOffset(8)]
    public uint BufferLength;

    [FieldOffset(12)]
    public uint StreamId;

    [FieldOffset(16)]
    public uint ProgFd;
}
