namespace Bpf.Loader.Testing.Execution;

/// <summary>Counts how often each instruction runs, and each conditional jump is taken.</summary>
internal readonly unsafe struct CoverageHook : IStepHook
{
    public static void Step(Executor executor, MachineCode code, int instruction, ulong* registers)
    {
        if (code.Hits is not { } hits) return;
        hits[instruction]++;
        (MachineCode? before, int at) = executor.LastStep;
        if (before == code && code.Instructions[at] is { Operation: >= Operation.JumpIfEqualRegister and < Operation.Goto } jump && jump.Target == instruction)
            code.Taken![at]++;
        executor.LastStep = (code, instruction);
    }
}
