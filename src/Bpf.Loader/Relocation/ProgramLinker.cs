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

        // What is put behind it would become the second half of the instruction.
        if (relocated.Code[^1].IsLoadImmediate64)
            throw Bad(function, relocated.Code.Length - 1, "is a 64-bit load, which takes two, and the function ends there", BpfDiagnosticId.InstructionCut);
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
        CodeTarget? target = CodeTarget.Of(caller, index, _functions[caller].Code[index], out string? problem);
        if (problem is not null) throw Bad(caller, index, problem);
        if (target is not { } place) return false;
        return _functions.TryFind(place.Section, place.Instruction, out callee)
            ? true
            : throw Bad(caller, index, $"calls instruction {place.Instruction} of section {place.Section}, where no function is");
    }

    private static BpfFormatException Bad(BpfFunction function, int index, string what, BpfDiagnosticId id = BpfDiagnosticId.BadCall) => new(
        $"Instruction {index} of function '{function.Name}' {what}.",
        function.SectionName, ((long)function.FirstInstruction + index) * BpfInstruction.Size, id);
}
