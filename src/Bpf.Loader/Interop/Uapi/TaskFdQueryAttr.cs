using System.Runtime.InteropServices;

namespace Bpf.Loader.Interop.Uapi;

/// <summary>BPF_TASK_FD_QUERY.</summary>
[StructLayout(LayoutKind.Explicit, Size = 48)]
internal struct TaskFdQueryAttr
{
    /// <summary>What is passed as the size: the end of the last field.</summary>
    public const uint WireSize = 48;

    [FieldOffset(0)]
    public uint Pid;

    [FieldOffset(4)]
    public uint Fd;

    [FieldOffset(8)]
    public uint Flags;

    [FieldOffset(12)]
    public uint BufLen;

    [FieldOffset(16)]
    public ulong Buf;

    [FieldOffset(24)]
    public uint ProgId;

    [FieldOffset(28)]
    public uint FdType;

    [FieldOffset(32)]
    public ulong ProbeOffset;

    [FieldOffset(40)]
    public ulong ProbeAddr;
}
