using System;

namespace Bpf.Loader.Testing;

/// <summary>What came of a run of a program in a test.</summary>
public sealed class BpfTestRun
{
    private readonly BpfProgramType _type;

    internal BpfTestRun(BpfProgramType type, int returnValue, ReadOnlyMemory<byte> packet)
    {
        _type = type;
        ReturnValue = returnValue;
        Packet = packet;
    }

    /// <summary>What the program returned.</summary>
    public int ReturnValue { get; }

    /// <summary>The packet as the program left it, from its Ethernet header on; empty for programs without one.</summary>
    public ReadOnlyMemory<byte> Packet { get; }

    /// <summary>What an XDP program decided.</summary>
    /// <exception cref="InvalidOperationException">The program is of another type.</exception>
    public XdpAction Action => _type == BpfProgramType.Xdp
        ? (XdpAction)ReturnValue
        : throw new InvalidOperationException($"The program is of type {_type}: see {nameof(ReturnValue)} or {nameof(TcAction)}.");

    /// <summary>What a program of tc decided.</summary>
    /// <exception cref="InvalidOperationException">The program is of another type.</exception>
    public TcAction TcAction => _type is BpfProgramType.SchedCls or BpfProgramType.SchedAct
        ? (TcAction)ReturnValue
        : throw new InvalidOperationException($"The program is of type {_type}: see {nameof(ReturnValue)} or {nameof(Action)}.");
}
