using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Bpf.Loader.Testing.Beds;

/// <summary>A program in the kernel: by its test run, or attached.</summary>
[SupportedOSPlatform("linux")]
internal sealed class KernelTestProgram(BpfProgram program) : BpfTestProgram
{
    private const int EthernetHeader = 14;

    public override BpfTestRun RunPacket(ReadOnlySpan<byte> packet)
    {
        BpfTestRunResult result = Run(new BpfTestRunOptions { Data = packet.ToArray() });
        byte[] left = result.Data.ToArray();
        // For types that do not see it, the kernel gives an Ethernet header of zeros back.
        if (program.Type is not (BpfProgramType.Xdp or BpfProgramType.SchedCls or BpfProgramType.SchedAct) && left.Length >= EthernetHeader)
            packet[..EthernetHeader].CopyTo(left);
        return new BpfTestRun(program.Type, (int)result.ReturnValue, left);
    }

    public override BpfTestRun RunSyscall<T>(ref T argument)
    {
        try
        {
            return new BpfTestRun(program.Type, (int)program.Run(ref argument), default);
        }
        catch (BpfException e) when (IsMissing(e))
        {
            throw Unavailability.Of(e);
        }
    }

    public override BpfTestRun RunRawTracepoint(params ReadOnlySpan<ulong> arguments)
    {
        BpfTestRunResult result = Run(new BpfTestRunOptions { Context = MemoryMarshal.AsBytes(arguments).ToArray() });
        return new BpfTestRun(program.Type, (int)result.ReturnValue, default);
    }

    public override void Trigger(Action<BpfMachineProgram> inMachine, Action onKernel)
    {
        ArgumentNullException.ThrowIfNull(onKernel);
        BpfLink link;
        try
        {
            link = program.Attach();
        }
        catch (BpfException e) when (Unavailability.IsMeant(e))
        {
            throw Unavailability.Of(e);
        }

        using (link) onKernel();
    }

    private BpfTestRunResult Run(BpfTestRunOptions options)
    {
        try
        {
            return program.TestRun(options);
        }
        catch (BpfException e) when (IsMissing(e))
        {
            throw Unavailability.Of(e);
        }
    }

    // The types that have no test run answer so; those that came with a later kernel as well.
    private static bool IsMissing(BpfException refusal) => refusal.Errno is Errno.ENOTSUPP or Errno.EOPNOTSUPP || Unavailability.IsMeant(refusal);
}
