using System.Runtime.InteropServices;

namespace Bpf.Loader.Interop.Uapi;

/// <summary>BPF_BTF_LOAD.</summary>
[StructLayout(LayoutKind.Explicit, Size = 40)]
internal struct BtfLoadAttr
{
    /// <summary>What is passed as the size: the end of the last field.</summary>
    public const uint WireSize = 40;

    [FieldOffset(0)]
    public ulong Btf;

    [FieldOffset(8)]
    public ulong LogBuf;

    [FieldOffset(16)]
    public uint BtfSize;

    [FieldOffset(20)]
    public uint LogSize;

    [FieldOffset(24)]
    public uint LogLevel;

    [FieldOffset(28)]
    public uint LogTrueSize;

    [FieldOffset(32)]
    public uint Flags;

    [FieldOffset(36)]
    public int TokenFd;
}
