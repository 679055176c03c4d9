namespace Bpf.Loader.Testing.Execution;

/// <summary>Nobody looks on.</summary>
internal readonly unsafe struct NoHook : IStepHook
{
    public static void Step(Executor executor, MachineCode code, int instruction, ulong* registers)
    {
    }
}
