using System;
using System.Collections.Generic;
using Iced.Intel;

namespace Bpf.Tool.MachineCode;

/// <summary>Machine code of x86-64. Jumps are shown as the kernel's user reads them: within the function by offset, outside by name.</summary>
internal sealed class X64Disassembler : ISymbolResolver
{
    private const int Bits = 64;

    // As GNU's objdump writes: six letters for the operation.
    private const int OperandColumn = 7;

    private readonly ReadOnlyMemory<byte> _code;
    private readonly ulong _address;
    private readonly Func<ulong, string?> _nameOf;
    private readonly GasFormatter _formatter;

    public X64Disassembler(ReadOnlyMemory<byte> code, ulong address, Func<ulong, string?> nameOf)
    {
        (_code, _address, _nameOf) = (code, address, nameOf);
        _formatter = new GasFormatter(new FormatterOptions
        {
            FirstOperandCharIndex = OperandColumn,
            HexPrefix = "0x",
            UppercaseHex = false,
            SmallHexNumbersInDecimal = false,
            ShowBranchSize = false,
            ShowZeroDisplacements = true,
            UsePseudoOps = false,
        }, this);
    }

    public IEnumerable<MachineInstruction> Read()
    {
        var decoder = Decoder.Create(Bits, new ByteArrayCodeReader(_code.ToArray()), _address);
        var text = new StringOutput();
        while (decoder.IP - _address < (ulong)_code.Length)
        {
            int offset = (int)(decoder.IP - _address);
            Instruction instruction = decoder.Decode();
            if (instruction.IsInvalid)
            {
                // A byte that is no instruction, such as what fills a gap: the next may be one.
                string bad = $"0x{_code.Span[offset]:x2}";
                yield return new MachineInstruction(offset, 1, ".byte", [bad], $".byte  {bad}");
                decoder = Decoder.Create(Bits, new ByteArrayCodeReader(_code[(offset + 1)..].ToArray()), _address + (ulong)offset + 1);
                continue;
            }

            _formatter.Options.AlwaysShowScale = instruction.MemoryIndex != Register.None;
            _formatter.FormatMnemonic(instruction, text);
            string operation = text.ToStringAndReset();
            string[] operands = new string[_formatter.GetOperandCount(instruction)];
            for (int i = 0; i < operands.Length; i++)
            {
                _formatter.FormatOperand(instruction, text, i);
                operands[i] = text.ToStringAndReset();
            }

            _formatter.Format(instruction, text);
            yield return new MachineInstruction(offset, instruction.Length, operation, operands, text.ToStringAndReset());
        }
    }

    bool ISymbolResolver.TryGetSymbol(in Instruction instruction, int operand, int instructionOperand, ulong address, int addressSize, out SymbolResult symbol)
    {
        symbol = default;
        if (instruction.Op0Kind is not (OpKind.NearBranch16 or OpKind.NearBranch32 or OpKind.NearBranch64)) return false;
        string? name = address - _address < (ulong)_code.Length ? $"0x{address - _address:x}" : _nameOf(address);
        if (name is null) return false;
        symbol = new SymbolResult(address, name);
        return true;
    }
}
