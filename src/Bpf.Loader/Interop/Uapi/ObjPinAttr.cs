using System.Runtime.InteropServices;

namespace Bpf.Loader.Interop.Uapi;

/// <summary>BPF_OBJ_PIN and BPF_OBJ_GET.</summary>
[StructLayout(LayoutKind.Explicit, Size = 24)]
internal struct ObjPinAttr
{
    /// <summary>What is passed as the size: the end of the last field.</summary>
    public const uint WireSize = 20;

    [FieldOffset(0)]
    public ulong PathName;

    [FieldOffset(8)]
    public uint BpfFd;

    [FieldOffset(12)]
    public uint FileFlags;

    // Valid with BPF_F_PATH_FD only (6.5).
    [FieldOffset(16)]
    public int PathFd;
}
