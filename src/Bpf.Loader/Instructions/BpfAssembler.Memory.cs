namespace Bpf.Loader.Instructions;

public sealed partial class BpfAssembler
{
    /// <summary>Adds a load, <c>r1 = *(u32 *)(r2 +offset)</c>.</summary>
    public BpfAssembler Load(BpfAccessSize size, BpfRegister destination, BpfRegister address, short offset) =>
        Add(BpfOpCode.LoadRegister | BpfOpCode.MemoryMode | (int)size, destination, (int)address, offset, 0);

    /// <summary>Adds a sign-extending load, <c>r1 = *(s32 *)(r2 +offset)</c> (Linux 6.6).</summary>
    public BpfAssembler LoadSigned(BpfAccessSize size, BpfRegister destination, BpfRegister address, short offset) =>
        Add(BpfOpCode.LoadRegister | BpfOpCode.MemorySignExtendMode | (int)size, destination, (int)address, offset, 0);

    /// <summary>Adds a store of a register, <c>*(u32 *)(r1 +offset) = r2</c>.</summary>
    public BpfAssembler Store(BpfAccessSize size, BpfRegister address, short offset, BpfRegister source) =>
        Add(BpfOpCode.StoreRegister | BpfOpCode.MemoryMode | (int)size, address, (int)source, offset, 0);

    /// <summary>Adds a store of a constant, <c>*(u32 *)(r1 +offset) = 1</c>.</summary>
    public BpfAssembler Store(BpfAccessSize size, BpfRegister address, short offset, int immediate) =>
        Add(BpfOpCode.Store | BpfOpCode.MemoryMode | (int)size, address, 0, offset, immediate);

    /// <summary>Adds an atomic operation on 32 or 64 bits, <c>lock *(u64 *)(r1 +offset) += r2</c>.</summary>
    public BpfAssembler Atomic(BpfAtomicOperation operation, BpfAccessSize size, BpfRegister address, short offset, BpfRegister source) =>
        Add(BpfOpCode.StoreRegister | BpfOpCode.AtomicMode | (int)size, address, (int)source, offset, (int)operation);

    /// <summary>Adds a load with acquire order, <c>r1 = load_acquire((u64 *)(r2 +offset))</c> (Linux 6.15).</summary>
    public BpfAssembler LoadAcquire(BpfAccessSize size, BpfRegister destination, BpfRegister address, short offset) =>
        Atomic(BpfAtomicOperation.LoadAcquire, size, destination, offset, address);

    /// <summary>Adds a packet load in network order, <c>r0 = *(u16 *)skb[12]</c>; R6 holds the context.</summary>
    public BpfAssembler LoadPacket(BpfAccessSize size, int offset) =>
        Add(BpfOpCode.Load | BpfOpCode.AbsoluteMode | (int)size, BpfRegister.R0, 0, 0, offset);

    /// <summary>Adds a packet load in network order, <c>r0 = *(u16 *)skb[r1 + 12]</c>; R6 holds the context.</summary>
    public BpfAssembler LoadPacket(BpfAccessSize size, BpfRegister index, int offset) =>
        Add(BpfOpCode.Load | BpfOpCode.IndirectMode | (int)size, BpfRegister.R0, (int)index, 0, offset);

    /// <summary>Adds a 64-bit constant, in two instructions.</summary>
    public BpfAssembler LoadImmediate64(BpfRegister destination, ulong value) =>
        LoadPseudo(destination, 0, (int)(uint)value, (int)(uint)(value >> 32));

    /// <summary>Adds the address of a map by its descriptor, in two instructions.</summary>
    public BpfAssembler LoadMap(BpfRegister destination, int descriptor) => LoadPseudo(destination, BpfPseudo.MapDescriptor, descriptor, 0);

    /// <summary>Adds the address of a byte in the value of an array map by its descriptor, in two instructions (Linux 5.2).</summary>
    public BpfAssembler LoadMapValue(BpfRegister destination, int descriptor, int offset) =>
        LoadPseudo(destination, BpfPseudo.MapValue, descriptor, offset);

    /// <summary>
    /// Adds the address of a map by its index among the maps that are given with the program, in two instructions: see
    /// <see cref="BpfProgramLoadOptions.Maps"/> and <see cref="Objects.BpfProgramDefinition.SetInstructions"/>.
    /// </summary>
    public BpfAssembler LoadMapAt(BpfRegister destination, int index) => LoadPseudo(destination, BpfPseudo.MapIndex, index, 0);

    /// <summary>
    /// Adds the address of a byte in the value of an array map (Linux 5.2), by the map's index among those that are given with the program, in two
    /// instructions.
    /// </summary>
    public BpfAssembler LoadMapValueAt(BpfRegister destination, int index, int offset) => LoadPseudo(destination, BpfPseudo.MapIndexValue, index, offset);

    /// <summary>Adds the address of a kernel variable by its BTF id, in two instructions (Linux 5.10).</summary>
    public BpfAssembler LoadKernelVariable(BpfRegister destination, int typeId) => LoadPseudo(destination, BpfPseudo.BtfId, typeId, 0);

    /// <summary>Adds the address of a function of the program, for callbacks, in two instructions (Linux 5.13).</summary>
    public BpfAssembler LoadFunction(BpfRegister destination, string label)
    {
        AddTo(label, Distance.Immediate, new BpfInstruction(BpfOpCode.LoadImmediate64, (int)destination, BpfPseudo.Function, 0, 0));
        return Add(default);
    }

    private BpfAssembler LoadPseudo(BpfRegister destination, int pseudo, int low, int high) =>
        Add(BpfOpCode.LoadImmediate64, destination, pseudo, 0, low).Add(0, BpfRegister.R0, 0, 0, high);
}
