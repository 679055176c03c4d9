using System;

namespace Bpf.Loader.Testing;

/// <summary>What came of a run of a program.</summary>
public sealed class BpfRun
{
    private readonly BpfMachineProgram _program;

    internal BpfRun(BpfMachineProgram program, BpfContext context, ulong result, long instructions)
    {
        _program = program;
        Context = context;
        Result = result;
        Instructions = instructions;
        Redirect = program.Machine.Redirected;
        Packet = context switch
        {
            XdpContext xdp => xdp.Packet.ToArray(),
            SkBuffContext skb => skb.Packet.ToArray(),
            _ => ReadOnlyMemory<byte>.Empty,
        };
    }

    /// <summary>What the program returned, as the C type of programs has it.</summary>
    public int ReturnValue => (int)Result;

    /// <summary>All 64 bits of what the program returned.</summary>
    public ulong Result { get; }

    /// <summary>How many instructions ran.</summary>
    public long Instructions { get; }

    /// <summary>What the program was called with, as it left it.</summary>
    public BpfContext Context { get; }

    /// <summary>The packet as the program left it; empty for programs without one.</summary>
    public ReadOnlyMemory<byte> Packet { get; }

    /// <summary>Where the program wanted the packet to go; null for nowhere.</summary>
    public BpfRedirect? Redirect { get; }

    /// <summary>What an XDP program decided.</summary>
    /// <exception cref="InvalidOperationException">The program is of another type.</exception>
    public XdpAction Action => _program.Type == BpfProgramType.Xdp
        ? (XdpAction)ReturnValue
        : throw new InvalidOperationException($"{_program.Name} is a {_program.Type} program: see {nameof(ReturnValue)} or {nameof(TcAction)}.");

    /// <summary>What a program of tc decided.</summary>
    /// <exception cref="InvalidOperationException">The program is of another type.</exception>
    public TcAction TcAction => _program.Type is BpfProgramType.SchedCls or BpfProgramType.SchedAct
        ? (TcAction)ReturnValue
        : throw new InvalidOperationException($"{_program.Name} is a {_program.Type} program: see {nameof(ReturnValue)} or {nameof(Action)}.");
}
