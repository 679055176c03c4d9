using System;
using Bpf.Loader.Instructions;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.Tests.Testing;

/// <summary>
/// Makes programs of type syscall that the verifier takes: of a context of 256 bytes they read numbers, compute with them in every way,
/// and write all that they have at the end. The same seed makes the same program.
/// </summary>
internal sealed partial class ProgramGenerator
{
    public const int ContextSize = 256;

    private static readonly BpfRegister[] Scalars = [R0, R1, R2, R3, R4, R5, R7, R8];

    private static readonly BpfAluOperation[] Operations =
    [
        BpfAluOperation.Add, BpfAluOperation.Subtract, BpfAluOperation.Multiply, BpfAluOperation.Divide, BpfAluOperation.Or, BpfAluOperation.And,
        BpfAluOperation.ShiftLeft, BpfAluOperation.ShiftRight, BpfAluOperation.Modulo, BpfAluOperation.Xor, BpfAluOperation.Move, BpfAluOperation.ShiftRightSigned,
    ];

    private static readonly BpfAtomicOperation[] Atomics =
    [
        BpfAtomicOperation.Add, BpfAtomicOperation.Or, BpfAtomicOperation.And, BpfAtomicOperation.Xor, BpfAtomicOperation.FetchAdd, BpfAtomicOperation.FetchOr,
        BpfAtomicOperation.FetchAnd, BpfAtomicOperation.FetchXor, BpfAtomicOperation.Exchange, BpfAtomicOperation.CompareExchange,
    ];

    private readonly Random _random;
    private readonly BpfAssembler _code = new();
    private int _labels;
    private bool _isInFunction;

    private ProgramGenerator(int seed) => _random = new Random(seed);

    /// <summary>A program.</summary>
    public static BpfInstruction[] Make(int seed) => new ProgramGenerator(seed).Make();

    /// <summary>The context that it is run with.</summary>
    public static byte[] MakeContext(int seed)
    {
        var random = new Random(~seed);
        byte[] context = new byte[ContextSize];
        random.NextBytes(context);
        // Numbers at which arithmetic is special come up by chance too seldom.
        ulong[] special = [0, 1, ulong.MaxValue, 1ul << 63, (1ul << 63) - 1, 1ul << 31, (1ul << 31) - 1, uint.MaxValue, 1ul << 32, 63, 64, 31, 32];
        for (int i = 0; i < 8; i++)
        {
            if (random.Next(3) == 0) BitConverter.TryWriteBytes(context.AsSpan(i * 8), special[random.Next(special.Length)]);
        }

        return context;
    }

    private BpfInstruction[] Make()
    {
        bool calls = _random.Next(2) == 0;
        _code.Move(R6, R1);
        for (int slot = 1; slot <= 8; slot++) _code.Store(BpfAccessSize.DoubleWord, R10, (short)(-8 * slot), _random.Next());
        LoadScalars();
        int length = _random.Next(8, 50);
        for (int i = 0; i < length; i++) Step(calls);
        if (calls) Call();
        for (int i = 0; i < Scalars.Length; i++) _code.Store(BpfAccessSize.DoubleWord, R6, (short)(64 + (i * 8)), Scalars[i]);
        for (int slot = 1; slot <= 8; slot++)
        {
            _code.Load(BpfAccessSize.DoubleWord, R1, R10, (short)(-8 * slot));
            _code.Store(BpfAccessSize.DoubleWord, R6, (short)(128 + (slot * 8)), R1);
        }

        _code.Load(BpfAccessSize.Word, R0, R6, 64).Exit();
        if (calls) MakeFunction();
        return _code.ToArray();
    }

    private void LoadScalars()
    {
        for (int i = 0; i < Scalars.Length; i++) _code.Load(BpfAccessSize.DoubleWord, Scalars[i], R6, (short)(i * 8));
    }

    // A function of five numbers that computes with them.
    private void MakeFunction()
    {
        _isInFunction = true;
        _code.Label("function").Move(R0, R1).Move(R7, R2).Move(R8, R3);
        for (int slot = 1; slot <= 8; slot++) _code.Store(BpfAccessSize.DoubleWord, R10, (short)(-8 * slot), slot);
        int length = _random.Next(3, 20);
        for (int i = 0; i < length; i++) Step(calls: false);
        _code.Exit();
    }

    private void Step(bool calls)
    {
        if (_isNewest && _random.Next(4) == 0)
        {
            StepOfNewest();
            return;
        }

        switch (_random.Next(12))
        {
            case 0 or 1 or 2:
                Arithmetic();
                break;
            case 3:
                Arithmetic32();
                break;
            case 4:
                Special();
                break;
            case 5 or 6:
                Jump();
                break;
            case 7 or 8:
                StackAccess();
                break;
            case 9:
                AtomicAccess();
                break;
            case 10 when !_isInFunction:
                ContextAccess();
                break;
            case 11 when calls:
                Call();
                break;
            default:
                _code.LoadImmediate64(Scalar(), (ulong)_random.NextInt64(long.MinValue, long.MaxValue));
                break;
        }
    }

    private void Arithmetic()
    {
        BpfAluOperation operation = Any(Operations);
        if (_random.Next(2) == 0) _code.Alu(operation, Scalar(), Scalar());
        else _code.Alu(operation, Scalar(), Constant(operation, 64));
    }

    private void Arithmetic32()
    {
        BpfAluOperation operation = Any(Operations);
        if (_random.Next(2) == 0) _code.Alu32(operation, Scalar(), Scalar());
        else _code.Alu32(operation, Scalar(), Constant(operation, 32));
    }

    private void Special()
    {
        BpfRegister register = Scalar();
        int bits = 16 << _random.Next(3);
        switch (_random.Next(8))
        {
            case 0:
                _code.ByteSwap(bits, register);
                break;
            case 1:
                _code.ToBigEndian(bits, register);
                break;
            case 2:
                _code.ToLittleEndian(bits, register);
                break;
            case 3:
                _code.MoveSignExtended((short)(8 << _random.Next(3)), register, Scalar());
                break;
            case 4:
                _code.AluSigned(_random.Next(2) == 0 ? BpfAluOperation.Divide : BpfAluOperation.Modulo, register, Scalar());
                break;
            case 5:
                _code.Add(new BpfInstruction((byte)(BpfOpCode.Alu32 | (int)(_random.Next(2) == 0 ? BpfAluOperation.Divide : BpfAluOperation.Modulo) | BpfOpCode.SourceRegister), (int)register, (int)Scalar(), 1, 0));
                break;
            case 6:
                _code.Add(new BpfInstruction((byte)(BpfOpCode.Alu32 | (int)BpfAluOperation.Move | BpfOpCode.SourceRegister), (int)register, (int)Scalar(), (short)(8 << _random.Next(2)), 0));
                break;
            default:
                _code.Add(new BpfInstruction((byte)((_random.Next(2) == 0 ? BpfOpCode.Alu64 : BpfOpCode.Alu32) | (int)BpfAluOperation.Negate), (int)register, 0, 0, 0));
                break;
        }
    }

    private void Jump()
    {
        string label = $"label{_labels++}";
        BpfCondition condition = Any(Enum.GetValues<BpfCondition>());
        switch (_random.Next(4))
        {
            case 0:
                _code.JumpIf(condition, Scalar(), Scalar(), label);
                break;
            case 1:
                _code.JumpIf(condition, Scalar(), Number(), label);
                break;
            case 2:
                _code.JumpIf32(condition, Scalar(), Scalar(), label);
                break;
            default:
                _code.JumpIf32(condition, Scalar(), Number(), label);
                break;
        }

        int length = _random.Next(1, 4);
        for (int i = 0; i < length; i++) Arithmetic();
        _code.Label(label);
    }

    private void StackAccess()
    {
        (BpfAccessSize size, int bytes) = Size();
        short offset = (short)(-64 + (_random.Next(64 / bytes) * bytes));
        switch (_random.Next(4))
        {
            case 0:
                _code.Load(size, Scalar(), R10, offset);
                break;
            case 1 when bytes < 8:
                _code.LoadSigned(size, Scalar(), R10, offset);
                break;
            case 2:
                _code.Store(size, R10, offset, Number());
                break;
            default:
                _code.Store(size, R10, offset, Scalar());
                break;
        }
    }

    // Through another pointer to the stack, as compilers do for arrays.
    private void AtomicAccess()
    {
        int bytes = 4 << _random.Next(2);
        BpfAccessSize size = bytes == 4 ? BpfAccessSize.Word : BpfAccessSize.DoubleWord;
        short offset = (short)(-64 + (_random.Next(64 / bytes) * bytes));
        BpfRegister source = Scalar();
        _code.Move(R9, R10).Alu(BpfAluOperation.Add, R9, offset).Atomic(Any(Atomics), size, R9, 0, source);
    }

    private void ContextAccess()
    {
        (BpfAccessSize size, int bytes) = Size();
        short offset = (short)(_random.Next(ContextSize / bytes) * bytes);
        switch (_random.Next(3))
        {
            case 0:
                _code.Load(size, Scalar(), R6, offset);
                break;
            case 1:
                _code.Store(size, R6, offset, Number());
                break;
            default:
                _code.Store(size, R6, offset, Scalar());
                break;
        }
    }

    // A call takes R1 to R5 away; they are loaded again.
    private void Call()
    {
        _code.Call("function");
        for (int i = 1; i <= 5; i++) _code.Load(BpfAccessSize.DoubleWord, (BpfRegister)i, R6, (short)(i * 8));
    }

    private int Constant(BpfAluOperation operation, int bits) => operation switch
    {
        BpfAluOperation.ShiftLeft or BpfAluOperation.ShiftRight or BpfAluOperation.ShiftRightSigned => _random.Next(bits),
        BpfAluOperation.Divide or BpfAluOperation.Modulo => Number() is var number && number != 0 ? number : 7,
        _ => Number(),
    };

    private int Number() => _random.Next(4) switch
    {
        0 => _random.Next(-2, 3),
        1 => int.MinValue,
        2 => _random.Next(-300, 300),
        _ => _random.Next(int.MinValue, int.MaxValue),
    };

    private (BpfAccessSize Size, int Bytes) Size() => _random.Next(4) switch
    {
        0 => (BpfAccessSize.Byte, 1),
        1 => (BpfAccessSize.HalfWord, 2),
        2 => (BpfAccessSize.Word, 4),
        _ => (BpfAccessSize.DoubleWord, 8),
    };

    private BpfRegister Scalar() => Any(Scalars);

    private T Any<T>(T[] values) => values[_random.Next(values.Length)];
}
