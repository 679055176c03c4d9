using System;
using Bpf.Loader.Instructions;

namespace Bpf.Loader.Relocation;

/// <summary>Writes the answers to CO-RE questions into instructions, by libbpf's rules.</summary>
public static class CoRePatcher
{
    /// <summary>
    /// The number of no helper, 0xbad2310 ("bad relo"). A call of it replaces what cannot be relocated, so that the verifier says
    /// <c>invalid func unknown#195896080</c> when that can be reached, and removes it when not.
    /// </summary>
    public const int PoisonedHelper = 195896080;

    /// <summary>Changes an instruction to what the target needs.</summary>
    /// <param name="code">The instructions of a function.</param>
    /// <param name="index">The index of the instruction.</param>
    /// <param name="result">The answer.</param>
    /// <returns>Whether the instruction now holds the answer, or why it must not be reached.</returns>
    /// <exception cref="CoReException">The instruction is not what the record says, or cannot hold the answer.</exception>
    public static CoReOutcome Apply(Span<BpfInstruction> code, int index, CoReResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        if ((uint)index >= (uint)code.Length) throw Fail(result, BpfDiagnosticId.BadCoReRecord, "The relocation is of an instruction outside of its function");
        return code[index].Class switch
        {
            BpfOpCode.Alu32 or BpfOpCode.Alu64 => ApplyToArithmetic(ref code[index], result),
            BpfOpCode.LoadRegister or BpfOpCode.Store or BpfOpCode.StoreRegister => ApplyToAccess(ref code[index], result),
            BpfOpCode.Load => ApplyToImmediate64(code[index..], result),
            _ => throw Unsupported(code[index], result),
        };
    }

    private static CoReOutcome ApplyToArithmetic(ref BpfInstruction instruction, CoReResult result)
    {
        if ((instruction.Code & BpfOpCode.SourceRegister) != 0) throw Unsupported(instruction, result);
        if (result.IsMissing) return Poison(ref instruction, CoReOutcome.Missing);
        Check(result, (ulong)instruction.Immediate);
        instruction.Immediate = unchecked((int)result.NewValue);
        return CoReOutcome.Patched;
    }

    private static CoReOutcome ApplyToAccess(ref BpfInstruction instruction, CoReResult result)
    {
        if (result.IsMissing) return Poison(ref instruction, CoReOutcome.Missing);
        Check(result, (ulong)instruction.Offset);
        if (result.NewValue > (ulong)short.MaxValue)
            throw Fail(result, BpfDiagnosticId.CoReValueTooLarge, $"The offset {result.NewValue} on the target is larger than the {short.MaxValue} that a load or store can hold; read the field with a helper instead");
        if (result.IsWidthUnsafe) return Poison(ref instruction, CoReOutcome.WidthUnsafe);

        if (result.NewWidth != result.OriginalWidth)
        {
            int width = WidthOf(instruction);
            if (width != result.OriginalWidth)
                throw Fail(result, BpfDiagnosticId.BadCoReWidth, $"The instruction accesses {width} bytes of a field of {result.OriginalWidth}");
            instruction.Code = (byte)((instruction.Code & ~BpfOpCode.SizeMask) | SizeOf(result));
        }

        instruction.Offset = (short)result.NewValue;
        return CoReOutcome.Patched;
    }

    private static CoReOutcome ApplyToImmediate64(Span<BpfInstruction> code, CoReResult result)
    {
        BpfInstruction first = code[0];
        if (!first.IsLoadImmediate64) throw Unsupported(first, result);
        if (code.Length < 2) throw Fail(result, BpfDiagnosticId.BadCoReRecord, "The 64-bit load is cut off by the end of its function");
        BpfInstruction second = code[1];
        if (first.Source != 0 || first.Offset != 0 || second.Code != 0 || second.Destination != 0 || second.Source != 0 || second.Offset != 0)
            throw Unsupported(first, result);

        if (result.IsMissing)
        {
            Poison(ref code[1], CoReOutcome.Missing);
            return Poison(ref code[0], CoReOutcome.Missing);
        }

        Check(result, (uint)first.Immediate | ((ulong)second.Immediate << 32));
        code[0].Immediate = unchecked((int)result.NewValue);
        code[1].Immediate = unchecked((int)(result.NewValue >> 32));
        return CoReOutcome.Patched;
    }

    private static CoReOutcome Poison(ref BpfInstruction instruction, CoReOutcome why)
    {
        instruction = new BpfInstruction(BpfOpCode.Call, 0, 0, 0, PoisonedHelper);
        return why;
    }

    private static void Check(CoReResult result, ulong held)
    {
        if (!result.IsCertain || held == result.OriginalValue) return;
        throw Fail(result, BpfDiagnosticId.CoReInstructionDiffers, $"The instruction holds {held} where the object's own types say {result.OriginalValue}: it was changed after it was compiled, or is not the one meant");
    }

    private static int WidthOf(BpfInstruction instruction) => (instruction.Code & BpfOpCode.SizeMask) switch
    {
        BpfOpCode.DoubleWord => 8,
        BpfOpCode.Word => 4,
        BpfOpCode.HalfWord => 2,
        _ => 1,
    };

    private static byte SizeOf(CoReResult result) => result.NewWidth switch
    {
        8 => BpfOpCode.DoubleWord,
        4 => BpfOpCode.Word,
        2 => BpfOpCode.HalfWord,
        1 => BpfOpCode.Byte,
        uint width => throw Fail(result, BpfDiagnosticId.BadCoReWidth, $"The field has {width} bytes on the target, and no load or store is that wide"),
    };

    private static CoReException Unsupported(BpfInstruction instruction, CoReResult result) =>
        Fail(result, BpfDiagnosticId.BadCoReInstruction, $"The instruction (code 0x{instruction.Code:x2}, source {instruction.Source}, offset {instruction.Offset}) is of no form that can be relocated");

    private static CoReException Fail(CoReResult result, BpfDiagnosticId id, string reason) =>
        new(id, reason + ".", result.Local.ToString(), result.Location);
}
