using System.Collections.Generic;
using Bpf.Loader.Instructions;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Relocation;

/// <summary>A function of the object with a copy of its code, in which CO-RE relocations are already carried out.</summary>
internal sealed class RelocatedFunction(BpfFunction function)
{
    /// <summary>The function as the object has it.</summary>
    public BpfFunction Function { get; } = function;

    /// <summary>The code after CO-RE; calls and references are still as the compiler left them.</summary>
    public BpfInstruction[] Code { get; } = (BpfInstruction[])function.Instructions.Clone();

    /// <summary>What each CO-RE relocation came to, by instruction of this function; in the order of the file.</summary>
    public List<AppliedCoRe> CoRe { get; } = [];

    /// <summary>
    /// Why the function cannot be used on this target; programs that do not call it are not concerned.
    /// </summary>
    public BpfLoaderException? Failure { get; set; }
}
