using System;

namespace Bpf.Loader.Testing.Beds;

/// <summary>A program in the machine.</summary>
internal sealed class MachineTestProgram(BpfMachineProgram program) : BpfTestProgram
{
    public override BpfTestRun RunPacket(ReadOnlySpan<byte> packet) => Of(program.Run(program.Machine.Own<BpfContext>(program.Type switch
    {
        BpfProgramType.Xdp => new XdpContext(packet),
        BpfProgramType.SchedCls or BpfProgramType.SchedAct => new SkBuffContext(packet),
        BpfProgramType.CgroupSkb or BpfProgramType.SocketFilter or BpfProgramType.LwtIn or BpfProgramType.LwtOut or BpfProgramType.LwtXmit or BpfProgramType.LwtSeg6Local
            => new SkBuffContext(packet) { StartsAtNetworkHeader = true },
        _ => throw new BpfUnavailableException($"Programs of type {program.Type} take no packet."),
    })));

    public override BpfTestRun RunSyscall<T>(ref T argument) => Of(program.RunSyscall(ref argument));

    public override BpfTestRun RunRawTracepoint(params ReadOnlySpan<ulong> arguments) => Of(program.RunTracing(arguments));

    public override void Trigger(Action<BpfMachineProgram> inMachine, Action onKernel)
    {
        ArgumentNullException.ThrowIfNull(inMachine);
        inMachine(program);
    }

    private BpfTestRun Of(BpfRun run) => new(program.Type, run.ReturnValue, run.Packet);
}
