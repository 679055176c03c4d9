using Bpf.Loader.Testing.Execution;

namespace Bpf.Loader.Testing.Compilation;

/// <summary>A program that was compiled.</summary>
/// <param name="run">The code.</param>
/// <param name="entries">For each instruction the number of the place where the code may be entered there, from 1 on; 0 for none.</param>
internal sealed class CompiledProgram(CompiledProgram.Body run, int[] entries)
{
    /// <summary>Runs from an entry until an instruction that is the interpreter's: registers and budget are as if all before it was interpreted.</summary>
    /// <param name="executor">Who runs it.</param>
    /// <param name="registers">R0 to R10.</param>
    /// <param name="stack">The end of the function's stack.</param>
    /// <param name="entry">The number of the entry.</param>
    /// <returns>The index of that instruction.</returns>
    internal unsafe delegate int Body(Executor executor, ulong* registers, byte* stack, int entry);

    /// <summary>The code.</summary>
    public Body Run { get; } = run;

    /// <summary>The entries.</summary>
    public int[] Entries { get; } = entries;
}
