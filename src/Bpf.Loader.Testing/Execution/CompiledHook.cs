namespace Bpf.Loader.Testing.Execution;

/// <summary>Nobody looks on, and what is compiled of the program runs in place of being interpreted.</summary>
internal readonly unsafe struct CompiledHook : IStepHook
{
    public static void Step(Executor executor, MachineCode code, int instruction, ulong* registers)
    {
    }
}
