using System.Collections.Generic;
using Bpf.Loader.Instructions;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Relocation;

/// <summary>
/// Makes one program of an entry function and all that it calls: each callee is appended once, on first use, and every call is
/// pointed at its place. The order is libbpf's (depth first, in the order of the instructions), and so is the result.
/// </summary>
internal sealed class ProgramLinker
{
    private readonly FunctionTable _functions;
    private readonly List<BpfInstruction> _code = [];
    private readonly List<LinkedPart> _parts = [];
    private readonly Dictionary<BpfFunction, int> _starts = [];
    private readonly List<LinkedReference> _references = [];
    private readonly List<AppliedCoRe> _coRe = [];

    private ProgramLinker(FunctionTable functions) => _functions = functions;

    /// <summary>Links a program.</summary>
    /// <param name="program">The program.</param>
    /// <param name="functions">The functions of the object, with CO-RE carried out.</param>
    /// <param name="callback">The exception callback of the program, which is appended even if nothing calls it; or null.</param>
    /// <exception cref="BpfFormatException">A call leads nowhere.</exception>
    /// <exception cref="CoReException">A function that is used cannot be relocated against the target.</exception>
    public static LinkedProgram Link(BpfProgramDefinition program, FunctionTable functions, BpfFunction? callback)
    {
        var linker = new ProgramLinker(functions);
        linker.Append(program.Function);
        if (callback is not null && !linker._starts.ContainsKey(callback)) linker.Append(callback);
        return new LinkedProgram
        {
            Definition = program,
            Instructions = [.. linker._code],
            Parts = linker._parts,
            References = linker._references,
            CoRe = linker._coRe,
            FunctionInfo = [],
            LineInfo = [],
        };
    }

    private void Append(BpfFunction entry)
    {
        // An explicit stack: a chain of a million calls must not overflow ours.
        var pending = new Stack<(BpfFunction Function, int Next)>();
        Place(entry);
        pending.Push((entry, 0));
        while (pending.TryPop(out (BpfFunction Function, int Next) current))
        {
            int length = current.Function.Instructions.Length;
            for (int i = current.Next; i < length; i++)
            {
                if (!TryFindCallee(current.Function, i, out BpfFunction callee)) continue;
                bool isNew = !_starts.ContainsKey(callee);
                if (isNew) Place(callee);

                int at = _starts[current.Function] + i;
                BpfInstruction instruction = _code[at];
                instruction.Immediate = _starts[callee] - at - 1;
                if (instruction.IsLoadImmediate64) instruction.Source = BpfPseudo.Function;
                _code[at] = instruction;
                if (!isNew) continue;
                pending.Push((current.Function, i + 1));
                pending.Push((callee, 0));
                break;
            }
        }
    }

    private void Place(BpfFunction function)
    {
        RelocatedFunction relocated = _functions[function];
        if (relocated.Failure is not null) throw relocated.Failure;
        int start = _code.Count;
        _starts.Add(function, start);
        _parts.Add(new LinkedPart(start, function));
        _code.AddRange(relocated.Code);
        foreach (AppliedCoRe applied in relocated.CoRe) _coRe.Add(applied with { Instruction = start + applied.Instruction });
        foreach (CodeRelocation relocation in function.Relocations)
        {
            if (relocation.Kind is not (CodeRelocationKind.Call or CodeRelocationKind.SubProgramAddress))
                _references.Add(new LinkedReference(start + relocation.Instruction, relocation));
        }
    }

    /// <summary>The function that an instruction calls or takes the address of; false when it does neither.</summary>
    private bool TryFindCallee(BpfFunction caller, int index, out BpfFunction callee)
    {
        callee = null!;
        BpfInstruction instruction = _functions[caller].Code[index];
        CodeRelocation? relocation = caller.TryGetRelocation(index, out CodeRelocation found) ? found : null;
        bool isAddress = relocation?.Kind == CodeRelocationKind.SubProgramAddress || instruction.IsPseudoFunction;
        if (!isAddress && !instruction.IsPseudoCall) return false;

        long target;
        int section = caller.SectionIndex;
        switch (relocation?.Kind)
        {
            case CodeRelocationKind.ExternCall:
                return false; // a kernel function: the extern step patches it
            case CodeRelocationKind.Call:
                section = found.Section;
                target = (found.Value / BpfInstruction.Size) + instruction.Immediate + 1;
                break;
            case CodeRelocationKind.SubProgramAddress:
                section = found.Section;
                target = (found.Value + instruction.Immediate) / BpfInstruction.Size;
                break;
            case null when isAddress:
                throw Bad(caller, index, "takes the address of a function, but no relocation says which");
            case null:
                // A call within the section: the compiler has already put the distance into the instruction.
                target = (long)caller.FirstInstruction + index + instruction.Immediate + 1;
                break;
            default:
                throw Bad(caller, index, $"is a call, but its relocation is a {found.Kind}");
        }

        return _functions.TryFind(section, target, out callee)
            ? true
            : throw Bad(caller, index, $"calls instruction {target} of section {section}, where no function is");
    }

    private static BpfFormatException Bad(BpfFunction function, int index, string what) => new(
        $"Instruction {index} of function '{function.Name}' {what}.",
        function.SectionName, ((long)function.FirstInstruction + index) * BpfInstruction.Size, BpfDiagnosticId.BadCall);
}
