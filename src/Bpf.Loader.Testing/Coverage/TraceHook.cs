namespace Bpf.Loader.Testing.Execution;

/// <summary>Tells each instruction before it runs.</summary>
internal readonly unsafe struct TraceHook : IStepHook
{
    public static void Step(Executor executor, MachineCode code, int instruction, ulong* registers)
    {
        CoverageHook.Step(executor, code, instruction, registers);
        executor.Trace(new BpfStep(executor, code, instruction, registers));
    }
}
