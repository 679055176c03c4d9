using System;
using System.Runtime.InteropServices;
using Bpf.Loader.Testing.Contexts;

namespace Bpf.Loader.Testing;

/// <summary>The registers of a CPU where a probe was hit: <c>struct pt_regs</c>.</summary>
public sealed class RegisterContext : BytesContext
{
    private readonly RegisterLayout _layout;

    /// <summary>Makes a context, all of whose registers are 0.</summary>
    /// <param name="architecture">The architecture that the program was compiled for: x86-64 or arm64.</param>
    /// <exception cref="NotSupportedException">The machine does not know the registers of another.</exception>
    public RegisterContext(Architecture architecture = Architecture.X64)
        : base(new byte[RegisterLayout.Of(architecture).Size], isWritable: false) => _layout = RegisterLayout.Of(architecture);

    /// <summary>A register by its name in <c>struct pt_regs</c>, such as <c>di</c> or <c>regs[0]</c>.</summary>
    /// <exception cref="ArgumentException">There is no such register.</exception>
    public ulong this[string register]
    {
        get => MemoryMarshal.Read<ulong>(Bytes[_layout.OffsetOf(register)..]);
        set => MemoryMarshal.Write(Bytes[_layout.OffsetOf(register)..], in value);
    }

    /// <summary>What the function returned.</summary>
    public ulong ReturnValue { get => this[_layout.Result]; set => this[_layout.Result] = value; }

    /// <summary>The instruction that the probe is at.</summary>
    public ulong InstructionPointer { get => this[_layout.InstructionPointer]; set => this[_layout.InstructionPointer] = value; }

    /// <summary>Sets the arguments of a C function, as the calling convention has them in registers.</summary>
    /// <exception cref="ArgumentException">There are more than registers.</exception>
    public RegisterContext SetArguments(params ReadOnlySpan<ulong> arguments)
    {
        if (arguments.Length > _layout.Arguments.Length) throw new ArgumentException($"Only {_layout.Arguments.Length} arguments are in registers.", nameof(arguments));
        for (int i = 0; i < arguments.Length; i++) this[_layout.Arguments[i]] = arguments[i];
        return this;
    }

    internal override string Name => "struct pt_regs";

    internal ulong AddressIn(BpfMachine machine)
    {
        Enter(machine);
        return Address;
    }

    internal override bool Suits(BpfProgramType type) => type is BpfProgramType.Kprobe;
}
