using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Bpf.Loader.Classic;

/// <summary>Prints instructions, as <c>tcpdump -d</c> does and as <c>bpf_asm</c> reads them.</summary>
internal static class ClassicPrinter
{
    /// <summary>A line of <c>tcpdump -d</c>.</summary>
    public static string List(ClassicInstruction instruction, int index) => Invariant($"({index:d3}) {Format(instruction, index)}");

    /// <summary>The line without its index.</summary>
    public static string Format(ClassicInstruction instruction, int index)
    {
        (string word, string operand) = Describe(instruction, index);
        return instruction.IsBranch && ClassicCode.IsKnown(instruction.Code)
            ? Invariant($"{word,-8} {operand,-16} jt {index + 1 + instruction.JumpTrue}\tjf {index + 1 + instruction.JumpFalse}")
            : $"{word,-8} {operand}";
    }

    /// <summary>The program with labels, in a form that <c>bpf_asm</c> and <see cref="ClassicParser"/> read.</summary>
    public static string Assemble(ReadOnlySpan<ClassicInstruction> filter)
    {
        HashSet<long> targets = [];
        for (int i = 0; i < filter.Length; i++)
        {
            if (filter[i].Code == ClassicCode.Goto) targets.Add(i + 1L + filter[i].Constant);
            if (filter[i].IsBranch) targets.UnionWith([i + 1 + filter[i].JumpTrue, i + 1 + filter[i].JumpFalse]);
        }

        var text = new StringBuilder();
        for (int i = 0; i < filter.Length; i++)
        {
            ClassicInstruction instruction = filter[i];
            text.Append((targets.Contains(i) ? Label(i) + ":" : "").PadRight(8));
            if (instruction.Code == ClassicCode.Goto) text.Append("jmp ").Append(Label(i + 1L + instruction.Constant));
            else text.Append(Statement(instruction, i));
            text.Append('\n');
        }

        return text.ToString();
    }

    private static string Statement(ClassicInstruction instruction, int index)
    {
        if (!ClassicCode.IsKnown(instruction.Code)) throw new InvalidOperationException($"Instruction {index} has the code 0x{instruction.Code:x}, for which assembly has no word.");
        (string word, string operand) = Describe(instruction, index);
        if (instruction.Extension is { } extension) operand = ClassicWords.OfAssembly(extension);
        else if (operand == "#" + ClassicWords.ListedLength) operand = "#" + ClassicWords.Length;
        else if (instruction.Code == ClassicCode.ReturnAccumulator) operand = "a";
        if (operand.Length == 0) return word;
        return instruction.IsBranch
            ? $"{word} {operand}, {Label(index + 1 + instruction.JumpTrue)}, {Label(index + 1 + instruction.JumpFalse)}"
            : $"{word} {operand}";
    }

    private static string Label(long index) => Invariant($"L{index}");

    private static (string Word, string Operand) Describe(ClassicInstruction instruction, int index)
    {
        int signed = (int)instruction.Constant;
        uint constant = instruction.Constant;
        switch (instruction.Code)
        {
            case ClassicCode.LoadWord or ClassicCode.LoadHalf or ClassicCode.LoadByte:
                return (LoadWord(instruction.Code), instruction.Extension is { } extension ? $"[{ClassicWords.OfListing(extension)}]" : Invariant($"[{signed}]"));
            case ClassicCode.LoadWordIndirect or ClassicCode.LoadHalfIndirect or ClassicCode.LoadByteIndirect:
                return (LoadWord(instruction.Code), Invariant($"[x + {signed}]"));
            case ClassicCode.LoadConstant or ClassicCode.LoadIndexConstant:
                return (Into(instruction), Invariant($"#0x{constant:x}"));
            case ClassicCode.LoadMemory or ClassicCode.LoadIndexMemory:
                return (Into(instruction), Invariant($"M[{signed}]"));
            case ClassicCode.LoadLength or ClassicCode.LoadIndexLength:
                return (Into(instruction), "#" + ClassicWords.ListedLength);
            case ClassicCode.LoadIndexHeader:
                return ("ldxb", Invariant($"4*([{signed}]&0xf)"));
            case ClassicCode.Store:
                return ("st", Invariant($"M[{signed}]"));
            case ClassicCode.StoreIndex:
                return ("stx", Invariant($"M[{signed}]"));
            case ClassicCode.Goto:
                return ("ja", Invariant($"{index + 1L + signed}"));
            case ClassicCode.ReturnConstant:
                return ("ret", Invariant($"#{signed}"));
            case ClassicCode.ReturnAccumulator:
                return ("ret", "");
            case ClassicCode.ToIndex:
                return ("tax", "");
            case ClassicCode.FromIndex:
                return ("txa", "");
            case ClassicCode.Negate:
                return ("neg", "");
        }

        if (!ClassicCode.IsKnown(instruction.Code)) return ("unimp", Invariant($"0x{instruction.Code:x}"));
        bool isIndex = (instruction.Code & ClassicCode.Index) != 0;
        if (instruction.IsBranch) return (ClassicWords.OfCondition(instruction.Code), isIndex ? "x" : Invariant($"#0x{constant:x}"));
        bool isBits = (instruction.Code & ~ClassicCode.Index) is ClassicCode.And or ClassicCode.Or or ClassicCode.Xor;
        return (ClassicWords.OfArithmetic(instruction.Code), isIndex ? "x" : isBits ? Invariant($"#0x{constant:x}") : Invariant($"#{signed}"));
    }

    private static string Into(ClassicInstruction instruction) => instruction.Class == ClassicCode.LoadIndex ? "ldx" : "ld";

    private static string LoadWord(int code) => (code & 0x18) switch { 0x08 => "ldh", 0x10 => "ldb", _ => "ld" };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
