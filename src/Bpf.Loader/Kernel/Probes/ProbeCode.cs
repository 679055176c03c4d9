using Bpf.Loader.Instructions;

namespace Bpf.Loader.Kernel.Probes;

/// <summary>The few instructions that probes need.</summary>
internal static class ProbeCode
{
    private const byte MoveImmediate64 = BpfOpCode.Alu64 | 0xb0;
    private const byte MoveRegister64 = BpfOpCode.Alu64 | 0xb0 | BpfOpCode.SourceRegister;
    private const byte AddImmediate64 = BpfOpCode.Alu64;
    private const byte StoreImmediate64 = BpfOpCode.Store | BpfOpCode.MemoryMode | BpfOpCode.DoubleWord;

    /// <summary><c>rD = immediate</c>.</summary>
    public static BpfInstruction MoveImmediate(int destination, int immediate) => new(MoveImmediate64, destination, 0, 0, immediate);

    /// <summary><c>rD = rS</c>.</summary>
    public static BpfInstruction Move(int destination, int source) => new(MoveRegister64, destination, source, 0, 0);

    /// <summary><c>rD += immediate</c>.</summary>
    public static BpfInstruction Add(int destination, int immediate) => new(AddImmediate64, destination, 0, 0, immediate);

    /// <summary><c>*(u64 *)(rD + offset) = immediate</c>.</summary>
    public static BpfInstruction Store(int destination, short offset, int immediate)
        => new(StoreImmediate64, destination, 0, offset, immediate);

    /// <summary>The first half of <c>rD = map value + offset</c>.</summary>
    public static BpfInstruction LoadMapValue(int destination, int map)
        => new(BpfOpCode.LoadImmediate64, destination, BpfPseudo.MapValue, 0, map);

    /// <summary>The second half of a 64-bit load.</summary>
    public static BpfInstruction SecondHalf(int immediate) => new(0, 0, 0, 0, immediate);

    /// <summary>Calls a helper.</summary>
    public static BpfInstruction CallHelper(int id) => new(BpfOpCode.Call, 0, 0, 0, id);

    /// <summary>Calls a function of the program, so many instructions behind the next.</summary>
    public static BpfInstruction CallFunction(int distance) => new(BpfOpCode.Call, 0, BpfPseudo.Call, 0, distance);

    /// <summary>Ends the program.</summary>
    public static BpfInstruction Exit() => new(BpfOpCode.Exit, 0, 0, 0, 0);
}
