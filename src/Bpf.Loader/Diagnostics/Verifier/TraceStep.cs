namespace Bpf.Loader.Diagnostics.Verifier;

/// <summary>An instruction on the way that the verifier went.</summary>
/// <param name="Index">Its place on the way, from 0.</param>
/// <param name="Instruction">Which instruction of the program it is.</param>
/// <param name="Operation">What it does.</param>
/// <param name="Frame">How deep in calls it is; 0 is the program itself.</param>
/// <param name="Source">The line of C that the log printed last; null when it printed none.</param>
internal sealed record TraceStep(int Index, int Instruction, Operation Operation, int Frame, SourceLine? Source)
{
    /// <summary>What is known behind it; null when the log does not say.</summary>
    public RegisterStates? After { get; set; }
}
