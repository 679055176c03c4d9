using System;
using System.Globalization;
using System.IO;

namespace Bpf.Loader.Instructions;

/// <summary>
/// Prints instructions as the kernel does in the verifier's log (<c>kernel/bpf/disasm.c</c>), so that both can be compared
/// line by line. Codes that do not exist print as <c>BUG_…</c>, like there.
/// </summary>
public static partial class BpfDisassembler
{
    /// <summary>Prints an instruction, such as <c>r1 = *(u64 *)(r6 +8)</c>.</summary>
    /// <param name="code">The program.</param>
    /// <param name="index">The index of the instruction; of the first half for a 64-bit load.</param>
    /// <param name="namer">Names what instructions refer to.</param>
    public static string Format(ReadOnlySpan<BpfInstruction> code, int index, BpfReferenceNamer? namer = null)
    {
        BpfInstruction instruction = code[index];
        string? name = instruction.IsLoadImmediate64 || instruction.IsCall ? namer?.Invoke(index, instruction) : null;
        return instruction.Class switch
        {
            BpfOpCode.Load => FormatLoad(instruction, index + 1 < code.Length ? code[index + 1].Immediate : null, name),
            BpfOpCode.LoadRegister => FormatLoadRegister(instruction),
            BpfOpCode.Store => FormatStore(instruction),
            BpfOpCode.StoreRegister => FormatStoreRegister(instruction),
            BpfOpCode.Jump or BpfOpCode.Jump32 => FormatJump(instruction, name),
            _ => FormatArithmetic(instruction),
        };
    }

    /// <summary>Prints a program, an instruction a line with its index and code: <c>   0: (bf) r6 = r1</c>.</summary>
    /// <param name="writer">Where the text goes.</param>
    /// <param name="code">The program.</param>
    /// <param name="namer">Names what instructions refer to.</param>
    public static void Write(TextWriter writer, ReadOnlySpan<BpfInstruction> code, BpfReferenceNamer? namer = null)
    {
        ArgumentNullException.ThrowIfNull(writer);
        for (int index = 0; index < code.Length; index++)
        {
            writer.WriteLine(FormatLine(code, index, namer));
            if (code[index].IsLoadImmediate64)
                index++;
        }
    }

    /// <summary>Prints an instruction with its index and code: <c>   0: (bf) r6 = r1</c>.</summary>
    /// <param name="code">The program.</param>
    /// <param name="index">The index of the instruction; of the first half for a 64-bit load.</param>
    /// <param name="namer">Names what instructions refer to.</param>
    public static string FormatLine(ReadOnlySpan<BpfInstruction> code, int index, BpfReferenceNamer? namer = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{index,4}: ({code[index].Code:x2}) {Format(code, index, namer)}");

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private static string Bug(BpfInstruction i, string @class) => Invariant($"BUG_{@class}_{i.Code:x2}");

    // Distances and offsets always bear their sign: "+8", "-16", "+0".
    private static string Signed(int value) => value < 0
        ? value.ToString(CultureInfo.InvariantCulture)
        : "+" + value.ToString(CultureInfo.InvariantCulture);

    private static int SizeIndex(BpfInstruction i) => (i.Code & BpfOpCode.SizeMask) >> 3;
}
