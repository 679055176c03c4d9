using System.Runtime.InteropServices;

namespace Bpf.Loader.Interop.Uapi;

/// <summary>What BPF_OBJ_GET_INFO_BY_FD tells of a program: <c>struct bpf_prog_info</c>.</summary>
[StructLayout(LayoutKind.Explicit, Size = 232)]
internal struct ProgInfo
{
    [FieldOffset(0)]
    public BpfProgramType Type;

    [FieldOffset(4)]
    public uint Id;

    // Eight bytes in memory order.
    [FieldOffset(8)]
    public ulong Tag;

    [FieldOffset(16)]
    public uint JitedLength;

    [FieldOffset(20)]
    public uint XlatedLength;

    [FieldOffset(24)]
    public ulong JitedInstructions;

    [FieldOffset(32)]
    public ulong XlatedInstructions;

    // Nanoseconds since boot.
    [FieldOffset(40)]
    public ulong LoadTime;

    [FieldOffset(48)]
    public uint CreatedByUid;

    [FieldOffset(52)]
    public uint MapIdCount;

    [FieldOffset(56)]
    public ulong MapIds;

    [FieldOffset(64)]
    public ObjectName Name;

    [FieldOffset(80)]
    public uint IfIndex;

    // One bit.
    [FieldOffset(84)]
    public uint GplCompatible;

    [FieldOffset(88)]
    public ulong NetnsDevice;

    [FieldOffset(96)]
    public ulong NetnsInode;

    [FieldOffset(104)]
    public uint JitedKsymCount;

    [FieldOffset(108)]
    public uint JitedFuncLengthCount;

    [FieldOffset(112)]
    public ulong JitedKsyms;

    [FieldOffset(120)]
    public ulong JitedFuncLengths;

    [FieldOffset(128)]
    public uint BtfId;

    [FieldOffset(132)]
    public uint FuncInfoRecordSize;

    [FieldOffset(136)]
    public ulong FuncInfo;

    [FieldOffset(144)]
    public uint FuncInfoCount;

    [FieldOffset(148)]
    public uint LineInfoCount;

    [FieldOffset(152)]
    public ulong LineInfo;

    [FieldOffset(160)]
    public ulong JitedLineInfo;

    [FieldOffset(168)]
    public uint JitedLineInfoCount;

    [FieldOffset(172)]
    public uint LineInfoRecordSize;

    [FieldOffset(176)]
    public uint JitedLineInfoRecordSize;

    [FieldOffset(180)]
    public uint TagCount;

    [FieldOffset(184)]
    public ulong Tags;

    [FieldOffset(192)]
    public ulong RunTimeNanoseconds;

    [FieldOffset(200)]
    public ulong RunCount;

    [FieldOffset(208)]
    public ulong RecursionMisses;

    [FieldOffset(216)]
    public uint VerifiedInstructions;

    [FieldOffset(220)]
    public uint AttachBtfObjectId;

    [FieldOffset(224)]
    public uint AttachBtfId;
}
