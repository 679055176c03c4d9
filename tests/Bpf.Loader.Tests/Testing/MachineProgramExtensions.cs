using System;
using Bpf.Loader.Testing;

namespace Bpf.Loader.Tests.Testing;

internal static class MachineProgramExtensions
{
    /// <summary>Runs a program on an empty packet or struct, whichever it takes.</summary>
    public static BpfRun RunXdpOrTc(this BpfMachineProgram program) => program.Type switch
    {
        BpfProgramType.Xdp => program.RunXdp(new byte[64]),
        BpfProgramType.SchedCls => program.RunTc(new byte[64]),
        BpfProgramType.RawTracepoint => program.RunTracing(0, 0),
        BpfProgramType.Syscall => program.Run(new BytesContext(new byte[64])),
        _ => throw new NotSupportedException($"{program.Name} is a {program.Type} program."),
    };
}
