using Bpf.Loader.Testing.Coverage;

namespace Bpf.Loader.Testing.Execution;

/// <summary>Counts how often each instruction runs, and each conditional jump is taken.</summary>
internal readonly unsafe struct CoverageHook : IStepHook
{
    public static void Step(Executor executor, MachineCode code, int instruction, ulong* registers)
    {
        if (code.Coverage is not { } coverage) return;
        coverage.Hit(instruction);
        (MachineCode? before, int at) = executor.LastStep;
        if (before == code && code.Instructions[at] is var jump && ProgramCoverage.IsCondition(jump.Operation) && jump.Target == instruction) coverage.Take(at);
        executor.LastStep = (code, instruction);
    }
}
