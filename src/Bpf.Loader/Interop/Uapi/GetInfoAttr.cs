using System.Runtime.InteropServices;

namespace Bpf.Loader.Interop.Uapi;

/// <summary>BPF_OBJ_GET_INFO_BY_FD.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct GetInfoAttr
{
    /// <summary>What is passed as the size: the end of the last field.</summary>
    public const uint WireSize = 16;

    [FieldOffset(0)]
    public uint BpfFd;

    // In: the size of ours. Out: how much of it the kernel filled.
    [FieldOffset(4)]
    public uint InfoLen;

    [FieldOffset(8)]
    public ulong Info;
}
