using System.Runtime.InteropServices;

namespace Bpf.Loader.Interop.Uapi;

/// <summary>The commands that walk ids and open by id.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct IdAttr
{
    /// <summary>The size for all of them but BPF_BTF_GET_FD_BY_ID with a token, which takes the whole.</summary>
    public const uint WireSize = 12;

    [FieldOffset(0)]
    public uint Id;

    [FieldOffset(0)]
    public uint StartId;

    [FieldOffset(4)]
    public uint NextId;

    [FieldOffset(8)]
    public uint OpenFlags;

    // BPF_BTF_GET_FD_BY_ID only, with BPF_F_TOKEN_FD (6.16).
    [FieldOffset(12)]
    public int TokenFd;
}
