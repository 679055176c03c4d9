namespace Bpf.Loader.Instructions;

public sealed partial class BpfAssembler
{
    /// <summary>Adds <c>r = immediate</c>, sign-extended to 64 bits.</summary>
    public BpfAssembler Move(BpfRegister destination, int immediate) => Alu(BpfAluOperation.Move, destination, immediate);

    /// <summary>Adds <c>r = r</c>.</summary>
    public BpfAssembler Move(BpfRegister destination, BpfRegister source) => Alu(BpfAluOperation.Move, destination, source);

    /// <summary>Adds <c>r = (s8|s16|s32)r</c> (Linux 6.6).</summary>
    /// <param name="bits">The width of the signed value: 8, 16 or 32.</param>
    /// <param name="destination">The register to write.</param>
    /// <param name="source">The register to read.</param>
    public BpfAssembler MoveSignExtended(short bits, BpfRegister destination, BpfRegister source) =>
        Add(BpfOpCode.Alu64 | (int)BpfAluOperation.Move | BpfOpCode.SourceRegister, destination, (int)source, bits, 0);

    /// <summary>Adds an operation on 64 bits with a constant, such as <c>r1 += 8</c>.</summary>
    public BpfAssembler Alu(BpfAluOperation operation, BpfRegister destination, int immediate) =>
        Add(BpfOpCode.Alu64 | (int)operation, destination, 0, 0, immediate);

    /// <summary>Adds an operation on 64 bits with a register, such as <c>r1 += r2</c>.</summary>
    public BpfAssembler Alu(BpfAluOperation operation, BpfRegister destination, BpfRegister source) =>
        Add(BpfOpCode.Alu64 | (int)operation | BpfOpCode.SourceRegister, destination, (int)source, 0, 0);

    /// <summary>Adds an operation on 32 bits with a constant, such as <c>w1 += 8</c>; the upper half becomes 0.</summary>
    public BpfAssembler Alu32(BpfAluOperation operation, BpfRegister destination, int immediate) =>
        Add(BpfOpCode.Alu32 | (int)operation, destination, 0, 0, immediate);

    /// <summary>Adds an operation on 32 bits with a register, such as <c>w1 += w2</c>; the upper half becomes 0.</summary>
    public BpfAssembler Alu32(BpfAluOperation operation, BpfRegister destination, BpfRegister source) =>
        Add(BpfOpCode.Alu32 | (int)operation | BpfOpCode.SourceRegister, destination, (int)source, 0, 0);

    /// <summary>Adds a signed division or modulo of 64 bits, <c>r1 s/= r2</c> (Linux 6.6).</summary>
    public BpfAssembler AluSigned(BpfAluOperation operation, BpfRegister destination, BpfRegister source) =>
        Add(BpfOpCode.Alu64 | (int)operation | BpfOpCode.SourceRegister, destination, (int)source, 1, 0);

    /// <summary>Adds <c>r = bswap r</c>, which swaps the bytes of the lowest 16, 32 or 64 bits and clears the rest (Linux 6.6).</summary>
    public BpfAssembler ByteSwap(int bits, BpfRegister register) =>
        Add(BpfOpCode.Alu64 | (int)BpfAluOperation.Endian, register, 0, 0, bits);

    /// <summary>Adds <c>r = be r</c>: the lowest 16, 32 or 64 bits between the machine's order and big-endian.</summary>
    public BpfAssembler ToBigEndian(int bits, BpfRegister register) =>
        Add(BpfOpCode.Alu32 | (int)BpfAluOperation.Endian | BpfOpCode.SourceRegister, register, 0, 0, bits);

    /// <summary>Adds <c>r = le r</c>: the lowest 16, 32 or 64 bits between the machine's order and little-endian.</summary>
    public BpfAssembler ToLittleEndian(int bits, BpfRegister register) =>
        Add(BpfOpCode.Alu32 | (int)BpfAluOperation.Endian, register, 0, 0, bits);

    /// <summary>Adds <c>r = addr_space_cast(r, to, from)</c>, for arenas (Linux 6.9).</summary>
    public BpfAssembler AddressSpaceCast(BpfRegister destination, BpfRegister source, ushort to, ushort from) =>
        Add(BpfOpCode.Alu64 | (int)BpfAluOperation.Move | BpfOpCode.SourceRegister, destination, (int)source, 1, (to << 16) | from);
}
