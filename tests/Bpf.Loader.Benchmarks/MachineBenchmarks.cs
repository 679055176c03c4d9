using BenchmarkDotNet.Attributes;
using Bpf.Loader.Instructions;
using Bpf.Loader.Testing;
using Bpf.Loader.Testing.Execution;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.Benchmarks;

/// <summary>The machine of Bpf.Loader.Testing: beside a switch interpreter in C, and with a program and its map.</summary>
[MemoryDiagnoser]
public class MachineBenchmarks
{
    private const int Rounds = 100_000, HashRounds = 10_000;

    /// <summary>How many instructions <see cref="Interpret"/> runs.</summary>
    public const int Instructions = (Rounds * 14) + 3;

    /// <summary>How many packets <see cref="Filter"/> runs.</summary>
    public const int Packets = 1000;

    private readonly BpfMachine _machine = new() { Compilation = BpfCompilation.Never }, _compiling = new() { Compilation = BpfCompilation.Always };
    private readonly MachineCode _code, _compiled, _hash, _compiledHash;
    private readonly BytesContext _nothingCompiled = new(new byte[8]);
    private readonly BytesContext _nothing = new(new byte[8]);
    private readonly BpfMachineProgram _filter, _compiledFilter;
    private readonly XdpContext _packet = NewPacket(), _compiledPacket = NewPacket();

    public MachineBenchmarks()
    {
        _code = new MachineCode("loop", Loop(), null, _machine.Memory);
        _nothing.Enter(_machine);
        _compiled = new MachineCode("loop", Loop(), null, _compiling.Memory);
        _hash = new MachineCode("hash", Jhash(), null, _machine.Memory);
        _compiledHash = new MachineCode("hash", Jhash(), null, _compiling.Memory);
        _nothingCompiled.Enter(_compiling);
        _filter = LoadFilter(_machine);
        _compiledFilter = LoadFilter(_compiling);
    }

    [Benchmark(OperationsPerInvoke = Instructions)]
    public void Interpret() => _machine.Executor.Run(_code, _nothing, out _);

    [Benchmark(OperationsPerInvoke = Packets)]
    public void Filter()
    {
        for (int i = 0; i < Packets; i++) _filter.Execute(_packet);
    }

    [Benchmark(OperationsPerInvoke = Instructions)]
    public void Compiled() => _compiling.Executor.Run(_compiled, _nothingCompiled, out _);

    [Benchmark(OperationsPerInvoke = Packets)]
    public void CompiledFilter()
    {
        for (int i = 0; i < Packets; i++) _compiledFilter.Execute(_compiledPacket);
    }

    /// <summary>How many instructions <see cref="Hash"/> and <see cref="CompiledHash"/> run.</summary>
    public const int HashInstructions = (HashRounds * ((6 * 8) + 2)) + 6;

    [Benchmark(OperationsPerInvoke = HashInstructions)]
    public void Hash() => _machine.Executor.Run(_hash, _nothing, out _);

    [Benchmark(OperationsPerInvoke = HashInstructions)]
    public void CompiledHash() => _compiling.Executor.Run(_compiledHash, _nothingCompiled, out _);

    // The mixing of the kernel's jhash (include/linux/jhash.h), over and over: what packet programs with tables of their own do.
    private static BpfInstruction[] Jhash()
    {
        var code = new BpfAssembler().Move(R1, 17).Move(R2, 23).Move(R3, 42).Move(R9, 0).Move(R0, 0).Label("again");
        (BpfRegister A, BpfRegister B, BpfRegister C, int Bits)[] steps = [(R1, R3, R2, 4), (R2, R1, R3, 6), (R3, R2, R1, 8), (R1, R3, R2, 16), (R2, R1, R3, 19), (R3, R2, R1, 4)];
        foreach ((BpfRegister a, BpfRegister b, BpfRegister c, int bits) in steps)
        {
            // a -= b; a ^= rol32(b, bits); b += c
            code.Alu32(BpfAluOperation.Subtract, a, b)
                .Alu32(BpfAluOperation.Move, R4, b).Alu32(BpfAluOperation.ShiftLeft, R4, bits)
                .Alu32(BpfAluOperation.Move, R5, b).Alu32(BpfAluOperation.ShiftRight, R5, 32 - bits)
                .Alu32(BpfAluOperation.Or, R4, R5).Alu32(BpfAluOperation.Xor, a, R4)
                .Alu32(BpfAluOperation.Add, b, c);
        }

        return code.Alu(BpfAluOperation.Add, R9, 1).JumpIf(BpfCondition.Less, R9, HashRounds, "again").Exit().ToArray();
    }

    private static XdpContext NewPacket() => new(Packet.Ethernet().IPv4("10.1.2.3", "10.0.0.1").Tcp(port: 80).ToArray());

    private static BpfMachineProgram LoadFilter(BpfMachine machine) =>
        machine.Load(BpfObjectFile.Open(TestData.Path("../src/samples/xdp-drop/xdp-drop"))).Program("filter");

    // The same program as in native-shims/bench-interpreter.c.
    private static BpfInstruction[] Loop() => new BpfAssembler()
        .Move(R0, 0)
        .Move(R1, 0)
        .Label("again")
        .Store(BpfAccessSize.DoubleWord, R10, -8, R1)
        .Load(BpfAccessSize.DoubleWord, R2, R10, -8)
        .Alu(BpfAluOperation.Add, R0, R2)
        .Alu(BpfAluOperation.Multiply, R0, 31)
        .Alu(BpfAluOperation.Xor, R0, 0x5bd1)
        .Move(R3, R0)
        .Alu(BpfAluOperation.ShiftRight, R3, 13)
        .Alu(BpfAluOperation.Xor, R0, R3)
        .Alu32(BpfAluOperation.Multiply, R3, 7)
        .Store(BpfAccessSize.Byte, R10, -16, R3)
        .Load(BpfAccessSize.Byte, R4, R10, -16)
        .Alu(BpfAluOperation.Add, R0, R4)
        .Alu(BpfAluOperation.Add, R1, 1)
        .JumpIf(BpfCondition.Less, R1, Rounds, "again")
        .Exit()
        .ToArray();
}
