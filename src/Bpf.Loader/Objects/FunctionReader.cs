using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Bpf.Loader.Elf;
using Bpf.Loader.Instructions;

namespace Bpf.Loader.Objects;

/// <summary>Cuts the code sections into functions, as the symbols say.</summary>
internal static class FunctionReader
{
    public static void Read(ObjectContext context)
    {
        var found = new List<BpfFunction>();
        foreach (ElfSymbol symbol in context.Symbols)
        {
            int section = symbol.SectionIndex;
            if (symbol.Type != ElfSymbolType.Function || !context.HasSection(section) || context.Roles[section] != SectionRole.Code) continue;
            found.Add(Cut(context, symbol));
        }

        // The order in which libbpf has programs: by section, then by place. Symbols of the same place keep theirs.
        BpfFunction[] sorted = [.. found];
        var keys = new (int Section, int First, int Index)[sorted.Length];
        for (int i = 0; i < sorted.Length; i++) keys[i] = (sorted[i].SectionIndex, sorted[i].FirstInstruction, i);
        Array.Sort(keys, sorted);

        Decode(context, sorted);
        context.Functions = [.. sorted];
    }

    private static BpfFunction Cut(ObjectContext context, ElfSymbol symbol)
    {
        int section = symbol.SectionIndex;
        string name = context.Text(symbol.NameUtf8);
        ulong length = context.Elf.Sections[section].Size, offset = symbol.Value, size = symbol.Size;
        if (offset > length || size > length - offset)
        {
            throw context.Fail(
                BpfDiagnosticId.FunctionCrossesSection,
                $"The function '{name}' (0x{size:x} bytes) crosses the end of its section of 0x{length:x} bytes: the object is damaged.", section, (long)offset);
        }

        if (size == 0 || size % BpfInstruction.Size != 0 || offset % BpfInstruction.Size != 0)
        {
            throw context.Fail(
                BpfDiagnosticId.BadFunction,
                $"The function '{name}' takes 0x{size:x} bytes at offset 0x{offset:x}, which are no whole instructions of 8 bytes: the object is damaged.", section, (long)offset);
        }

        return new BpfFunction
        {
            Name = name,
            SectionName = context.SectionNames[section],
            SectionIndex = section,
            FirstInstruction = (int)(offset / BpfInstruction.Size),
            InstructionCount = (int)(size / BpfInstruction.Size),
            // Which of the static functions outside of .text are entry points, their calls tell: StaticPrograms looks at them.
            IsSubProgram = section == context.TextSection || symbol.Binding == ElfSymbolBinding.Local,
            Binding = symbol.Binding,
            IsHidden = symbol.Binding != ElfSymbolBinding.Local && symbol.IsHidden,
        };
    }

    // Two names of the same code share it; anything else that overlaps is damage, and would cost memory without bound.
    private static void Decode(ObjectContext context, BpfFunction[] functions)
    {
        BpfFunction? last = null;
        foreach (BpfFunction function in functions)
        {
            if (last is not null && last.SectionIndex == function.SectionIndex && function.FirstInstruction < last.EndInstruction)
            {
                if (function.FirstInstruction != last.FirstInstruction || function.InstructionCount != last.InstructionCount)
                {
                    throw context.Fail(
                        BpfDiagnosticId.FunctionsOverlap, $"The functions '{last.Name}' and '{function.Name}' overlap: the object is damaged.",
                        function.SectionIndex, (long)function.FirstInstruction * BpfInstruction.Size);
                }

                function.Instructions = last.Instructions;
                continue;
            }

            ReadOnlySpan<byte> code = context.Elf.Sections[function.SectionIndex].Data.Span
                .Slice(function.FirstInstruction * BpfInstruction.Size, function.InstructionCount * BpfInstruction.Size);
            function.Instructions = Decode(code, context.Elf.IsBigEndian);
            last = function;
        }
    }

    private static BpfInstruction[] Decode(ReadOnlySpan<byte> code, bool isBigEndian)
    {
        if (isBigEndian != BitConverter.IsLittleEndian) return MemoryMarshal.Cast<byte, BpfInstruction>(code).ToArray();
        var instructions = new BpfInstruction[code.Length / BpfInstruction.Size];
        for (int i = 0; i < instructions.Length; i++) instructions[i] = BpfInstruction.Read(code[(i * BpfInstruction.Size)..], isBigEndian);
        return instructions;
    }
}
