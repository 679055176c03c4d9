using System;

namespace Bpf.Loader.Interop;

/// <summary>
/// The arrays of a program that are wanted. The counts in the answer tell how many there are, the kernel fills as many as fit.
/// </summary>
internal ref struct ProgramInfoBuffers
{
    public Span<uint> MapIds;

    /// <summary>The instructions after verification; zeros without CAP_SYS_ADMIN or with <c>bpf_jit_harden</c>.</summary>
    public Span<byte> XlatedInstructions;

    public Span<byte> JitedInstructions;
    public Span<ulong> JitedKsyms;
    public Span<uint> JitedFuncLengths;
    public Span<byte> FuncInfo;
    public uint FuncInfoRecordSize;
    public Span<byte> LineInfo;
    public uint LineInfoRecordSize;
    public Span<ulong> JitedLineInfo;

    /// <summary>Eight bytes for each sub-program.</summary>
    public Span<ulong> Tags;
}
