namespace Bpf.Loader.Testing.Execution;

internal sealed unsafe partial class Executor
{
    /// <summary>The instruction that ran before, while coverage is counted.</summary>
    public (MachineCode? Code, int Instruction) LastStep { get; set; }

    /// <summary>How many functions deep the program is.</summary>
    public int Depth => _depth;

    /// <summary>Tells a step to whoever traces.</summary>
    public void Trace(BpfStep step) => _machine.Tracer?.Invoke(step);
}
