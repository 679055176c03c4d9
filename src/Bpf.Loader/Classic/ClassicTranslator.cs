using System.Collections.Generic;
using Bpf.Loader.Instructions;

namespace Bpf.Loader.Classic;

/// <summary>
/// Translates a filter as <c>bpf_convert_filter</c> of net/core/filter.c does: A is R0, X is R7, the context R6, and R2 is for what is
/// between; the scratch memory is on the stack. Loads of the packet stay <c>BPF_LD_ABS</c> and <c>BPF_LD_IND</c>, which the kernel inlines
/// in classic filters and in programs alike: both end with 0 where the packet does.
/// </summary>
internal sealed partial class ClassicTranslator(ClassicInstruction[] filter, ClassicFilterUse use)
{
    private const int Accumulator = 0, Temporary = 2, Context = 6, IndexRegister = 7, Frame = 10;

    private readonly List<BpfInstruction> _code = [];
    private readonly List<int> _origins = [];
    private readonly List<(int Instruction, int Target)> _jumps = [];
    private readonly Dictionary<int, ClassicExtension> _calls = [];
    private int _origin = -1;

    public ClassicTranslation Translate()
    {
        // Classic BPF expects A and X to be 0. The kernel has each xor itself, which no verifier sees; one would say that they were never written.
        MoveConstant(Accumulator, 0);
        MoveConstant(IndexRegister, 0);
        Move(Context, 1);
        int[] starts = new int[filter.Length];
        for (_origin = 0; _origin < filter.Length; _origin++)
        {
            starts[_origin] = _code.Count;
            Translate(filter[_origin]);
        }

        BpfInstruction[] code = [.. _code];
        // Filters have 4096 instructions at most, which become no more than 32,767.
        foreach ((int instruction, int target) in _jumps) code[instruction].Offset = checked((short)(starts[target] - instruction - 1));
        return new ClassicTranslation(code, _calls, [.. _origins]);
    }

    private void Translate(ClassicInstruction instruction)
    {
        int constant = (int)instruction.Constant;
        switch (instruction.Code)
        {
            case ClassicCode.LoadWord when use == ClassicFilterUse.Seccomp:
                LoadContext(BpfOpCode.Word, Accumulator, constant);
                break;
            case ClassicCode.LoadWord or ClassicCode.LoadHalf or ClassicCode.LoadByte:
                if (instruction.Extension is { } extension) Translate(extension);
                else Emit(instruction.Code, Accumulator, 0, 0, constant);
                break;
            case ClassicCode.LoadWordIndirect or ClassicCode.LoadHalfIndirect or ClassicCode.LoadByteIndirect:
                Emit(instruction.Code, Accumulator, IndexRegister, 0, constant);
                break;
            case ClassicCode.LoadIndexHeader:
                TranslateHeader(constant);
                break;
            case ClassicCode.LoadConstant or ClassicCode.LoadIndexConstant:
                MoveConstant(Target(instruction), constant);
                break;
            case ClassicCode.LoadMemory or ClassicCode.LoadIndexMemory:
                Emit(BpfOpCode.LoadRegister | BpfOpCode.MemoryMode | BpfOpCode.Word, Target(instruction), Frame, WordAt(constant));
                break;
            case ClassicCode.LoadLength or ClassicCode.LoadIndexLength:
                if (use == ClassicFilterUse.Seccomp) MoveConstant(Target(instruction), (int)ClassicCode.SeccompDataSize);
                else LoadContext(BpfOpCode.Word, Target(instruction), LengthField);
                break;
            case ClassicCode.Store or ClassicCode.StoreIndex:
                Emit(BpfOpCode.StoreRegister | BpfOpCode.MemoryMode | BpfOpCode.Word, Frame, instruction.Code == ClassicCode.Store ? Accumulator : IndexRegister, WordAt(constant));
                break;
            case ClassicCode.ToIndex:
                Move(IndexRegister, Accumulator);
                break;
            case ClassicCode.FromIndex:
                Move(Accumulator, IndexRegister);
                break;
            case ClassicCode.ReturnConstant or ClassicCode.ReturnAccumulator:
                if (instruction.Code == ClassicCode.ReturnConstant) MoveConstant(Accumulator, constant);
                Emit(BpfOpCode.Exit);
                break;
            case ClassicCode.Goto:
                Jump(BpfOpCode.Goto, 0, 0, 0, _origin + 1 + constant);
                break;
            default:
                if (instruction.IsBranch) TranslateBranch(instruction);
                else TranslateArithmetic(instruction);
                break;
        }
    }

    /// <summary>X = 4 * (byte &amp; 0xf), and A stays.</summary>
    private void TranslateHeader(int offset)
    {
        Move(IndexRegister, Accumulator);
        Emit(ClassicCode.LoadByte, Accumulator, 0, 0, offset);
        Emit(BpfOpCode.Alu32 | (int)BpfAluOperation.And, Accumulator, 0, 0, 0xf);
        Emit(BpfOpCode.Alu32 | (int)BpfAluOperation.ShiftLeft, Accumulator, 0, 0, 2);
        Move(Temporary, IndexRegister);
        Move(IndexRegister, Accumulator);
        Move(Accumulator, Temporary);
    }

    private void TranslateArithmetic(ClassicInstruction instruction)
    {
        bool isIndex = (instruction.Code & ClassicCode.Index) != 0;
        if (isIndex && (instruction.Code & ~ClassicCode.Index) is ClassicCode.Divide or ClassicCode.Modulo)
        {
            // Division by 0 ends a classic filter with 0.
            Emit(BpfOpCode.Alu32 | BpfOpCode.SourceRegister | (int)BpfAluOperation.Move, IndexRegister, IndexRegister);
            Emit(BpfOpCode.Jump | (int)BpfCondition.NotEqual, IndexRegister, 0, 2);
            Emit(BpfOpCode.Alu32 | BpfOpCode.SourceRegister | (int)BpfAluOperation.Xor, Accumulator, Accumulator);
            Emit(BpfOpCode.Exit);
        }

        // The operations have the same codes in both.
        bool hasConstant = !isIndex && instruction.Code != ClassicCode.Negate;
        Emit(instruction.Code, Accumulator, isIndex ? IndexRegister : 0, 0, hasConstant ? (int)instruction.Constant : 0);
    }

    private void TranslateBranch(ClassicInstruction instruction)
    {
        int operation = instruction.Code & ClassicCode.OperationMask, source = instruction.Code & ClassicCode.Index, constant = (int)instruction.Constant;
        int register = source != 0 ? IndexRegister : 0;
        if (source != 0)
        {
            constant = 0;
        }
        else if (constant < 0)
        {
            // The constants of BPF are signed, and comparisons are of 64 bits.
            MoveConstant(Temporary, constant);
            (source, register, constant) = (BpfOpCode.SourceRegister, Temporary, 0);
        }

        int holds = _origin + 1 + instruction.JumpTrue, fails = _origin + 1 + instruction.JumpFalse;
        if (instruction.JumpFalse == 0)
        {
            Jump(BpfOpCode.Jump | operation | source, Accumulator, register, constant, holds);
            return;
        }

        BpfCondition? opposite = (BpfCondition)operation switch
        {
            BpfCondition.Equal => BpfCondition.NotEqual,
            BpfCondition.Greater => BpfCondition.LessOrEqual,
            BpfCondition.GreaterOrEqual => BpfCondition.Less,
            _ => null,
        };
        if (instruction.JumpTrue == 0 && opposite is { } other)
        {
            Jump(BpfOpCode.Jump | (int)other | source, Accumulator, register, constant, fails);
            return;
        }

        Jump(BpfOpCode.Jump | operation | source, Accumulator, register, constant, holds);
        Jump(BpfOpCode.Goto, 0, 0, 0, fails);
    }

    private static int Target(ClassicInstruction instruction) => instruction.Class == ClassicCode.LoadIndex ? IndexRegister : Accumulator;

    private static short WordAt(int word) => (short)(-4 * (word + 1));

    private void LoadContext(int size, int register, int offset) => Emit(BpfOpCode.LoadRegister | BpfOpCode.MemoryMode | size, register, Context, (short)offset);

    private void Move(int to, int from) => Emit(BpfOpCode.Alu64 | BpfOpCode.SourceRegister | (int)BpfAluOperation.Move, to, from);

    private void MoveConstant(int register, int constant) => Emit(BpfOpCode.Alu32 | (int)BpfAluOperation.Move, register, 0, 0, constant);

    private void Jump(int code, int left, int right, int constant, int target)
    {
        _jumps.Add((_code.Count, target));
        Emit(code, left, right, 0, constant);
    }

    private void Emit(int code, int destination = 0, int source = 0, short offset = 0, int constant = 0)
    {
        _code.Add(new BpfInstruction((byte)code, destination, source, offset, constant));
        _origins.Add(_origin);
    }
}
