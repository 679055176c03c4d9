using System.Runtime.CompilerServices;
using Bpf.Loader.Testing.Compilation;

namespace Bpf.Loader.Testing.Execution;

internal sealed unsafe partial class Executor
{
    // Compiling takes some milliseconds, in which the interpreter runs a million instructions.
    private const long Hot = 50_000;

    /// <summary>Compiles a program that is worth it, once.</summary>
    private void CompileIfHot(MachineCode code)
    {
        if (code.Compiled is not null || code.IsCompilationTried || _machine.Watch != RunWatch.None || _machine.Compilation == BpfCompilation.Never) return;
        if (code.Executed < Hot && _machine.Compilation != BpfCompilation.Always) return;
        code.IsCompilationTried = true;
        if (!RuntimeFeature.IsDynamicCodeSupported) return;
        if (RuntimeFeature.IsDynamicCodeCompiled) code.Compiled = ProgramCompiler.Compile(code);
    }
}
