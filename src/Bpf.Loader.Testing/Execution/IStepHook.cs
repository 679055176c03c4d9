namespace Bpf.Loader.Testing.Execution;

/// <summary>What looks on while a program runs. The interpreter is compiled once for each, so that nothing costs nothing.</summary>
internal unsafe interface IStepHook
{
    /// <summary>Called before each instruction.</summary>
    static abstract void Step(Executor executor, MachineCode code, int instruction, ulong* registers);
}
