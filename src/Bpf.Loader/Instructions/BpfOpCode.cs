namespace Bpf.Loader.Instructions;

/// <summary>
/// The parts of an instruction code (<c>include/uapi/linux/bpf_common.h</c> and <c>bpf.h</c>): class, size or operation, and mode
/// or source.
/// </summary>
public static class BpfOpCode
{
    /// <summary>The bits of the class.</summary>
    public const byte ClassMask = 0x07;

    /// <summary>BPF_LD: 64-bit immediates and packet loads.</summary>
    public const byte Load = 0x00;

    /// <summary>BPF_LDX: load from memory into a register.</summary>
    public const byte LoadRegister = 0x01;

    /// <summary>BPF_ST: store an immediate to memory.</summary>
    public const byte Store = 0x02;

    /// <summary>BPF_STX: store a register to memory; also atomic operations.</summary>
    public const byte StoreRegister = 0x03;

    /// <summary>BPF_ALU: 32-bit arithmetic.</summary>
    public const byte Alu32 = 0x04;

    /// <summary>BPF_JMP: jumps that compare 64 bits; calls and exit.</summary>
    public const byte Jump = 0x05;

    /// <summary>BPF_JMP32: jumps that compare 32 bits.</summary>
    public const byte Jump32 = 0x06;

    /// <summary>BPF_ALU64: 64-bit arithmetic.</summary>
    public const byte Alu64 = 0x07;

    /// <summary>The bits of the size of a memory access.</summary>
    public const byte SizeMask = 0x18;

    /// <summary>BPF_W: 4 bytes.</summary>
    public const byte Word = 0x00;

    /// <summary>BPF_H: 2 bytes.</summary>
    public const byte HalfWord = 0x08;

    /// <summary>BPF_B: 1 byte.</summary>
    public const byte Byte = 0x10;

    /// <summary>BPF_DW: 8 bytes.</summary>
    public const byte DoubleWord = 0x18;

    /// <summary>The bits of the mode of a memory access.</summary>
    public const byte ModeMask = 0xe0;

    /// <summary>BPF_IMM: a 64-bit immediate.</summary>
    public const byte ImmediateMode = 0x00;

    /// <summary>BPF_ABS: a packet load at a fixed offset.</summary>
    public const byte AbsoluteMode = 0x20;

    /// <summary>BPF_IND: a packet load at an offset in a register.</summary>
    public const byte IndirectMode = 0x40;

    /// <summary>BPF_MEM: an ordinary load or store.</summary>
    public const byte MemoryMode = 0x60;

    /// <summary>BPF_MEMSX: a sign-extending load (Linux 6.6).</summary>
    public const byte MemorySignExtendMode = 0x80;

    /// <summary>BPF_ATOMIC: an atomic operation.</summary>
    public const byte AtomicMode = 0xc0;

    /// <summary>The bits of the operation of arithmetic and jumps.</summary>
    public const byte OperationMask = 0xf0;

    /// <summary>BPF_X: the second operand is a register; without it, the immediate.</summary>
    public const byte SourceRegister = 0x08;

    /// <summary>BPF_LD | BPF_IMM | BPF_DW: a 64-bit load in two instructions.</summary>
    public const byte LoadImmediate64 = Load | ImmediateMode | DoubleWord;

    /// <summary>BPF_JMP | BPF_CALL: a call.</summary>
    public const byte Call = Jump | 0x80;

    /// <summary>BPF_JMP | BPF_EXIT: the end of a function.</summary>
    public const byte Exit = Jump | 0x90;

    /// <summary>BPF_JMP | BPF_JA: a jump whose distance is the offset.</summary>
    public const byte Goto = Jump | 0x00;

    /// <summary>BPF_JMP32 | BPF_JA: a jump whose distance is the immediate (Linux 6.6).</summary>
    public const byte GotoLong = Jump32 | 0x00;

    /// <summary>BPF_JMP | BPF_JA | BPF_X: a jump to an address from a jump table.</summary>
    public const byte GotoRegister = Jump | SourceRegister;

    /// <summary>BPF_JMP | BPF_JCOND: a jump that the kernel may take to end a loop (Linux 6.9).</summary>
    public const byte GotoConditional = Jump | 0xe0;
}
