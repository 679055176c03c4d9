using System;
using System.Threading;
using Bpf.Loader.Instructions;
using Bpf.Loader.Testing.Execution;

namespace Bpf.Loader.Testing.Coverage;

/// <summary>
/// How often the instructions of a program ran. It is shared by all machines that the program is loaded into, and knows none of them:
/// a test project makes thousands, and each ends with its test.
/// </summary>
internal sealed class ProgramCoverage
{
    private readonly ReadOnlyMemory<BpfInstruction> _source;
    private readonly BpfLocation[] _lines;
    private readonly string[] _functions;
    private readonly bool[] _isCondition;
    private readonly long[] _hits, _taken;

    /// <summary>Makes counts of a program.</summary>
    public ProgramCoverage(MachineCode code)
    {
        _source = code.Source;
        _hits = new long[code.Length];
        _taken = new long[code.Length];
        _lines = new BpfLocation[code.Length];
        _functions = new string[code.Length];
        _isCondition = new bool[code.Length];
        for (int i = 0; i < code.Length; i++)
        {
            _lines[i] = code.LineOf(i);
            _functions[i] = code.FunctionOf(i);
            _isCondition[i] = IsCondition(code[i].Operation);
        }
    }

    /// <summary>How many instructions there are.</summary>
    public int Length => _hits.Length;

    /// <summary>True for jumps that may be taken or not.</summary>
    public static bool IsCondition(Operation operation) => operation is >= Operation.JumpIfEqualRegister and < Operation.Goto;

    /// <summary>True when these are the counts of a program: the same instructions, made from the same lines.</summary>
    public bool IsOf(MachineCode code)
    {
        if (!code.Source.Span.SequenceEqual(_source.Span)) return false;
        for (int i = 0; i < Length; i++)
        {
            if (code.LineOf(i) != _lines[i]) return false;
        }

        return true;
    }

    /// <summary>Counts an instruction. Machines on other threads may do so as well.</summary>
    public void Hit(int instruction) => Interlocked.Increment(ref _hits[instruction]);

    /// <summary>Counts a jump that was taken.</summary>
    public void Take(int instruction) => Interlocked.Increment(ref _taken[instruction]);

    /// <summary>How often an instruction ran.</summary>
    public long HitsOf(int instruction) => Volatile.Read(ref _hits[instruction]);

    /// <summary>How often a conditional jump was taken; null for what is none.</summary>
    public long? TakenOf(int instruction) => _isCondition[instruction] ? Volatile.Read(ref _taken[instruction]) : null;

    /// <summary>The line of C.</summary>
    public BpfLocation LineOf(int instruction) => _lines[instruction];

    /// <summary>The function.</summary>
    public string FunctionOf(int instruction) => _functions[instruction];
}
