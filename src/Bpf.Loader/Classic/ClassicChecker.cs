using System;

namespace Bpf.Loader.Classic;

/// <summary>
/// The checks of the kernel: <c>bpf_check_classic</c> and <c>check_load_and_stores</c> of net/core/filter.c, and before them
/// <c>seccomp_check_filter</c> of kernel/seccomp.c.
/// </summary>
internal static class ClassicChecker
{
    public static ClassicRefusal? Check(ReadOnlySpan<ClassicInstruction> filter, ClassicFilterUse use)
    {
        if (filter.IsEmpty) return new ClassicRefusal(-1, "The filter has no instruction.");
        if (filter.Length > ClassicCode.MaximumLength) return new ClassicRefusal(-1, $"The filter has {filter.Length} instructions; the kernel takes {ClassicCode.MaximumLength}.");
        for (int i = 0; i < filter.Length; i++)
        {
            if (Check(filter, i, use) is { } reason) return new ClassicRefusal(i, reason);
        }

        return filter[^1].Code is ClassicCode.ReturnConstant or ClassicCode.ReturnAccumulator
            ? CheckMemory(filter)
            : new ClassicRefusal(filter.Length - 1, "The last instruction must be 'ret'.");
    }

    private static string? Check(ReadOnlySpan<ClassicInstruction> filter, int index, ClassicFilterUse use)
    {
        ClassicInstruction instruction = filter[index];
        uint constant = instruction.Constant;
        long left = filter.Length - index - 1;
        if (!ClassicCode.IsKnown(instruction.Code)) return $"The code 0x{instruction.Code:x} is none of classic BPF.";
        if (use == ClassicFilterUse.Seccomp && !ClassicCode.IsKnownToSeccomp(instruction.Code))
            return $"'{ClassicPrinter.Format(instruction, index)}' is not for filters of system calls: they load words at fixed offsets, and have no remainder.";
        switch (instruction.Code)
        {
            case ClassicCode.Divide or ClassicCode.Modulo when constant == 0:
                return "It divides by the constant 0.";
            case ClassicCode.ShiftLeft or ClassicCode.ShiftRight when constant >= 32:
                return $"It shifts a word of 32 bits by {constant}.";
            case ClassicCode.LoadMemory or ClassicCode.LoadIndexMemory or ClassicCode.Store or ClassicCode.StoreIndex when constant >= ClassicCode.MemoryWords:
                return $"The scratch memory has the words M[0] to M[{ClassicCode.MemoryWords - 1}], and not M[{constant}].";
            case ClassicCode.Goto when constant >= left:
                return $"It jumps behind the end of the filter, to {index + 1L + constant}.";
            case ClassicCode.LoadWord when use == ClassicFilterUse.Seccomp:
                return (constant & 3) != 0 ? $"Its offset {constant} is no multiple of 4."
                    : constant >= ClassicCode.SeccompDataSize ? $"It loads at offset {constant} of struct seccomp_data, which has {ClassicCode.SeccompDataSize} bytes." : null;
            case ClassicCode.LoadWord or ClassicCode.LoadHalf or ClassicCode.LoadByte when constant >= ClassicCode.ExtensionOffset && instruction.Extension is null:
                return $"It loads at SKF_AD_OFF{(int)(constant - ClassicCode.ExtensionOffset):+0}, where no extension is.";
        }

        if (!instruction.IsBranch) return null;
        int farthest = Math.Max(instruction.JumpTrue, instruction.JumpFalse);
        return farthest >= left ? $"It jumps behind the end of the filter, to {index + 1 + farthest}." : null;
    }

    /// <summary>Looks whether each word of scratch memory was written on every way that leads to a load of it.</summary>
    private static ClassicRefusal? CheckMemory(ReadOnlySpan<ClassicInstruction> filter)
    {
        // A bit for each word; jumps go forward, so that all ways to an instruction are known when it is reached.
        ushort[] written = new ushort[filter.Length];
        Array.Fill(written, ushort.MaxValue);
        ushort valid = 0;
        for (int i = 0; i < filter.Length; i++)
        {
            ClassicInstruction instruction = filter[i];
            valid &= written[i];
            switch (instruction.Code)
            {
                case ClassicCode.Store or ClassicCode.StoreIndex:
                    valid |= (ushort)(1 << (int)instruction.Constant);
                    break;
                case ClassicCode.LoadMemory or ClassicCode.LoadIndexMemory when (valid & (1 << (int)instruction.Constant)) == 0:
                    return new ClassicRefusal(i, $"M[{instruction.Constant}] was not written on every way that leads here.");
                case ClassicCode.Goto:
                    written[i + 1 + (int)instruction.Constant] &= valid;
                    valid = ushort.MaxValue;
                    break;
                default:
                    if (!instruction.IsBranch) break;
                    written[i + 1 + instruction.JumpTrue] &= valid;
                    written[i + 1 + instruction.JumpFalse] &= valid;
                    valid = ushort.MaxValue;
                    break;
            }
        }

        return null;
    }
}
