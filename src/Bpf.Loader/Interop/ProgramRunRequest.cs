using System;

namespace Bpf.Loader.Interop;

/// <summary>What BPF_PROG_TEST_RUN takes.</summary>
internal ref struct ProgramRunRequest
{
    public ReadOnlySpan<byte> DataIn;
    public Span<byte> DataOut;
    public ReadOnlySpan<byte> ContextIn;
    public Span<byte> ContextOut;

    /// <summary>0 and 1 are once.</summary>
    public uint Repeat;

    /// <summary>BPF_F_TEST_RUN_ON_CPU 1 (5.11), BPF_F_TEST_XDP_LIVE_FRAMES 2 (5.18).</summary>
    public uint Flags;

    public uint Cpu;

    /// <summary>Packets at once, with live frames (5.18).</summary>
    public uint BatchSize;
}
