using System.Runtime.InteropServices;

namespace Bpf.Loader.Interop.Uapi;

/// <summary>BPF_PROG_LOAD.</summary>
[StructLayout(LayoutKind.Explicit, Size = 168)]
internal struct ProgLoadAttr
{
    /// <summary>What is passed as the size: the end of the last field.</summary>
    public const uint WireSize = 168;

    [FieldOffset(0)]
    public BpfProgramType ProgType;

    [FieldOffset(4)]
    public uint InsnCnt;

    [FieldOffset(8)]
    public ulong Insns;

    [FieldOffset(16)]
    public ulong License;

    [FieldOffset(24)]
    public uint LogLevel;

    [FieldOffset(28)]
    public uint LogSize;

    [FieldOffset(32)]
    public ulong LogBuf;

    [FieldOffset(40)]
    public uint KernVersion;

    [FieldOffset(44)]
    public BpfProgramFlags ProgFlags;

    [FieldOffset(48)]
    public ObjectName ProgName;

    [FieldOffset(64)]
    public uint ProgIfIndex;

    [FieldOffset(68)]
    public BpfAttachType ExpectedAttachType;

    [FieldOffset(72)]
    public uint ProgBtfFd;

    [FieldOffset(76)]
    public uint FuncInfoRecSize;

    [FieldOffset(80)]
    public ulong FuncInfo;

    [FieldOffset(88)]
    public uint FuncInfoCnt;

    [FieldOffset(92)]
    public uint LineInfoRecSize;

    [FieldOffset(96)]
    public ulong LineInfo;

    [FieldOffset(104)]
    public uint LineInfoCnt;

    [FieldOffset(108)]
    public uint AttachBtfId;

    [FieldOffset(112)]
    public uint AttachProgFd;

    [FieldOffset(112)]
    public uint AttachBtfObjFd;

    [FieldOffset(116)]
    public uint CoreReloCnt;

    [FieldOffset(120)]
    public ulong FdArray;

    [FieldOffset(128)]
    public ulong CoreRelos;

    [FieldOffset(136)]
    public uint CoreReloRecSize;

    // Out (6.4).
    [FieldOffset(140)]
    public uint LogTrueSize;

    [FieldOffset(144)]
    public int ProgTokenFd;

    [FieldOffset(148)]
    public uint FdArrayCnt;

    [FieldOffset(152)]
    public ulong Signature;

    [FieldOffset(160)]
    public uint SignatureSize;

    [FieldOffset(164)]
    public int KeyringId;
}
