using System;
using System.Runtime.InteropServices;
using Bpf.Loader.Testing.Contexts;

namespace Bpf.Loader.Testing;

/// <summary>A sample of a perf event: <c>struct bpf_perf_event_data</c>, the registers and what was sampled.</summary>
public sealed class PerfEventContext : BytesContext
{
    private readonly RegisterLayout _registers;

    /// <summary>Makes a context, all of whose registers are 0.</summary>
    /// <param name="architecture">The architecture that the program was compiled for: x86-64 or arm64.</param>
    /// <exception cref="NotSupportedException">The machine does not know the registers of another.</exception>
    public PerfEventContext(Architecture architecture = Architecture.X64)
        : base(new byte[RegisterLayout.Of(architecture).Size + (2 * sizeof(ulong))], isWritable: false) => _registers = RegisterLayout.Of(architecture);

    /// <summary>A register by its name in <c>struct pt_regs</c>, such as <c>ip</c>.</summary>
    /// <exception cref="ArgumentException">There is no such register.</exception>
    public ulong this[string register]
    {
        get => MemoryMarshal.Read<ulong>(Bytes[_registers.OffsetOf(register)..]);
        set => MemoryMarshal.Write(Bytes[_registers.OffsetOf(register)..], in value);
    }

    /// <summary>How many events went by since the sample before.</summary>
    public ulong SamplePeriod
    {
        get => MemoryMarshal.Read<ulong>(Bytes[_registers.Size..]);
        set => MemoryMarshal.Write(Bytes[_registers.Size..], in value);
    }

    /// <summary>The address that the event is about.</summary>
    public ulong SampleAddress
    {
        get => MemoryMarshal.Read<ulong>(Bytes[(_registers.Size + sizeof(ulong))..]);
        set => MemoryMarshal.Write(Bytes[(_registers.Size + sizeof(ulong))..], in value);
    }

    internal override string Name => "struct bpf_perf_event_data";

    internal override bool Suits(BpfProgramType type) => type is BpfProgramType.PerfEvent;
}
