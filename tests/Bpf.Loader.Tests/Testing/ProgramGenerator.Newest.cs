using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Instructions;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.Tests.Testing;

/// <summary>What came with Linux 6.15 and 6.19: loads that acquire, stores that release, and jumps to where a register says.</summary>
internal sealed partial class ProgramGenerator
{
    private const int Cases = 4;

    private readonly List<(int Instruction, int[] Places)> _tables = [];
    private bool _isNewest;

    /// <summary>A program that has such instructions too.</summary>
    public static GeneratedProgram MakeNewest(int seed)
    {
        var generator = new ProgramGenerator(seed) { _isNewest = true };
        BpfInstruction[] code = generator.Make();
        return new GeneratedProgram(code, [.. generator._tables.Select(static table => new JumpTable(table.Instruction, table.Places))]);
    }

    private void StepOfNewest()
    {
        if (_isInFunction || _random.Next(2) == 0) OrderedAccess();
        else IndirectJump();
    }

    private void OrderedAccess()
    {
        (BpfAccessSize size, int bytes) = Size();
        _code.Move(R9, R10).Alu(BpfAluOperation.Add, R9, (short)(-64 + (_random.Next(64 / bytes) * bytes)));
        if (_random.Next(2) == 0) _code.LoadAcquire(size, Scalar(), R9, 0);
        else _code.Atomic(BpfAtomicOperation.StoreRelease, size, R9, 0, Scalar());
    }

    // As compilers do it for a switch: the place is found in a table by a number of two bits.
    private void IndirectJump()
    {
        BpfRegister index = Scalar();
        _code.Alu(BpfAluOperation.And, index, Cases - 1).Alu(BpfAluOperation.ShiftLeft, index, 3);
        int table = _code.Count;
        _code.LoadMapValue(R9, 0, 0).Alu(BpfAluOperation.Add, R9, index).Load(BpfAccessSize.DoubleWord, R9, R9, 0).Add(new BpfInstruction(BpfOpCode.GotoRegister, (int)R9, 0, 0, 0));
        string end = $"label{_labels++}";
        int[] places = new int[Cases];
        for (int i = 0; i < Cases; i++)
        {
            places[i] = _code.Count;
            Arithmetic();
            if (i < Cases - 1) _code.Goto(end);
        }

        _code.Label(end);
        _tables.Add((table, places));
    }
}
