using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Elf;
using Bpf.Loader.Instructions;

namespace Bpf.Loader.Objects;

/// <summary>
/// Finds out what instructions refer to. The type of a relocation says nothing that the instruction and the symbol do not, and is
/// not looked at: compilers changed it over time.
/// </summary>
internal static class CodeRelocationReader
{
    /// <summary>Collects the relocations of a section of code, for <see cref="Store"/>.</summary>
    public static void Read(ObjectContext context, ElfSection relocations, Dictionary<BpfFunction, List<CodeRelocation>> found)
    {
        int section = (int)relocations.Info;
        ulong length = context.Elf.Sections[section].Size;
        BpfFunction? function = null; // the last one, which the next relocation is most often of
        List<CodeRelocation>? list = null;
        foreach (ElfRelocation relocation in context.Elf.GetRelocations(relocations))
        {
            ElfSymbol symbol = RelocationReader.Symbol(context, section, relocation);
            if (relocation.Offset % BpfInstruction.Size != 0 || relocation.Offset >= length)
                throw Fail(BpfDiagnosticId.RelocationOutOfRange, "A relocation is at no instruction of its section.");
            if (symbol.SectionIndex >= context.Roles.Length)
                throw Fail(BpfDiagnosticId.RelocationOutOfRange, $"The symbol '{symbol.Name}' is in section {symbol.SectionIndex}, which does not exist. A common symbol looks like this: initialise the variable.");

            // Code that no symbol names is dead: a weak function that the static linker found a better one for.
            int instruction = (int)(relocation.Offset / BpfInstruction.Size);
            if (function is null || instruction < function.FirstInstruction || instruction >= function.EndInstruction)
            {
                function = FunctionLookup.Find(context.Functions, section, instruction);
                if (function is null) continue;
                if (!found.TryGetValue(function, out list)) found.Add(function, list = []);
            }

            list!.Add(Classify(context, function, instruction - function.FirstInstruction, symbol, section, (long)relocation.Offset));

            BpfFormatException Fail(BpfDiagnosticId id, string message) => context.Fail(id, message, section, (long)relocation.Offset);
        }
    }

    /// <summary>Gives the functions what was collected.</summary>
    public static void Store(ObjectContext context, Dictionary<BpfFunction, List<CodeRelocation>> found)
    {
        BpfFunction? last = null;
        foreach (BpfFunction function in context.Functions)
        {
            if (found.TryGetValue(function, out List<CodeRelocation>? list))
            {
                function.Relocations = IsSorted(list) ? [.. list] : [.. list.OrderBy(relocation => relocation.Instruction)];
            }
            else if (last is not null && ReferenceEquals(last.Instructions, function.Instructions))
            {
                function.Relocations = last.Relocations; // another name of the same code
            }

            last = function;
        }
    }

    private static bool IsSorted(List<CodeRelocation> list)
    {
        for (int i = 1; i < list.Count; i++)
        {
            if (list[i].Instruction < list[i - 1].Instruction) return false;
        }

        return true;
    }

    private static CodeRelocation Classify(ObjectContext context, BpfFunction function, int instruction, ElfSymbol symbol, int section, long offset)
    {
        BpfInstruction code = function.Instructions[instruction];
        long value = (long)symbol.Value;
        int target = symbol.SectionIndex;
        if (!code.IsCall && !code.IsLoadImmediate64)
            throw Fail(BpfDiagnosticId.RelocationInstruction, $"An instruction with code 0x{code.Code:x2} cannot refer to '{Name()}'; calls and 64-bit loads can.");
        if (code.IsLoadImmediate64 && instruction + 1 >= function.Instructions.Length)
            throw Fail(BpfDiagnosticId.InstructionCut, $"The 64-bit load that refers to '{Name()}' takes two instructions, and the function ends after the first: the object is damaged.");
        if (context.ExternsBySymbol.TryGetValue(symbol.Index, out BpfExternDefinition? item))
            return new CodeRelocation(instruction, code.IsCall ? CodeRelocationKind.ExternCall : CodeRelocationKind.ExternLoad, Extern: item);

        SectionRole role = context.Roles[target];
        if (code.IsCall)
        {
            if (code.Source != BpfPseudo.Call)
                throw Fail(BpfDiagnosticId.RelocationCall, $"The call of '{Name()}' is not marked as one of a sub-program (source register {code.Source} instead of 1).");
            if (role != SectionRole.Code) throw Fail(BpfDiagnosticId.CallTarget, $"The call of '{Name()}' does not lead to code{Undefined()}.");
            if (value % BpfInstruction.Size != 0) throw Fail(BpfDiagnosticId.CallTarget, $"The call of '{Name()}' leads to no instruction.");
            return new CodeRelocation(instruction, CodeRelocationKind.Call, value, target);
        }

        if (target == 0)
            throw Fail(BpfDiagnosticId.UndefinedSymbol, $"'{Name()}' is not defined. A variable that is declared and nowhere initialised looks like this; so does an extern without __ksym or __kconfig.");
        switch (role)
        {
            case SectionRole.Code when symbol.Type is ElfSymbolType.Section or ElfSymbolType.Function:
                if (value % BpfInstruction.Size != 0 || code.Immediate % BpfInstruction.Size != 0)
                    throw Fail(BpfDiagnosticId.CallTarget, $"The address of '{Name()}' is at no instruction.");
                return new CodeRelocation(instruction, CodeRelocationKind.SubProgramAddress, value, target);
            case SectionRole.ArenaData when context.Arena is not null:
                return new CodeRelocation(instruction, CodeRelocationKind.MapValue, value, Map: context.Arena);
            case SectionRole.JumpTables:
                return new CodeRelocation(instruction, CodeRelocationKind.InstructionArray, value, Size: (long)symbol.Size);
            case SectionRole.Data or SectionRole.ReadOnlyData or SectionRole.Bss:
                return new CodeRelocation(instruction, CodeRelocationKind.MapValue, value, Map: context.DataMaps[target]);
            case SectionRole.BtfMaps or SectionRole.LegacyMaps:
                // A static map of the old form is found by the section and the offset in the instruction.
                long place = value + (symbol.Type == ElfSymbolType.Section ? code.Immediate : 0);
                return context.MapsByPlace.TryGetValue((target, place), out BpfMapDefinition? map)
                    ? new CodeRelocation(instruction, CodeRelocationKind.MapReference, Map: map)
                    : throw Fail(BpfDiagnosticId.BadReference, $"'{Name()}' (offset 0x{place:x} in section '{context.SectionNames[target]}') is no map.");
            default:
                throw Fail(BpfDiagnosticId.BadReference, $"'{Name()}' is in section '{context.SectionNames[target]}', which holds neither maps, variables nor functions.");
        }

        string Name() => RelocationReader.NameOf(context, symbol);

        string Undefined() => target == 0 ? ": it is not defined here. Declare it with __ksym when it is the kernel's, or link the object that defines it" : "";

        BpfFormatException Fail(BpfDiagnosticId id, string message) => context.Fail(id, $"In the function '{function.Name}', instruction {instruction}: {message}", section, offset);
    }
}
