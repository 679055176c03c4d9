namespace Bpf.Loader.Instructions;

/// <summary>An arithmetic operation: bits 4 to 7 of the code of the classes <c>BPF_ALU</c> and <c>BPF_ALU64</c>.</summary>
public enum BpfAluOperation : byte
{
    /// <summary><c>BPF_ADD</c>.</summary>
    Add = 0x00,

    /// <summary><c>BPF_SUB</c>.</summary>
    Subtract = 0x10,

    /// <summary><c>BPF_MUL</c>.</summary>
    Multiply = 0x20,

    /// <summary><c>BPF_DIV</c>: unsigned; by zero gives zero. With offset 1 signed (Linux 6.6).</summary>
    Divide = 0x30,

    /// <summary><c>BPF_OR</c>.</summary>
    Or = 0x40,

    /// <summary><c>BPF_AND</c>.</summary>
    And = 0x50,

    /// <summary><c>BPF_LSH</c>.</summary>
    ShiftLeft = 0x60,

    /// <summary><c>BPF_RSH</c>: shifts in zeros.</summary>
    ShiftRight = 0x70,

    /// <summary><c>BPF_NEG</c>: has no second operand.</summary>
    Negate = 0x80,

    /// <summary><c>BPF_MOD</c>: unsigned; by zero leaves the value. With offset 1 signed (Linux 6.6).</summary>
    Modulo = 0x90,

    /// <summary><c>BPF_XOR</c>.</summary>
    Xor = 0xa0,

    /// <summary><c>BPF_MOV</c>: with offset 8, 16 or 32 sign-extending (Linux 6.6), with offset 1 between address spaces (6.9).</summary>
    Move = 0xb0,

    /// <summary><c>BPF_ARSH</c>: shifts in the sign.</summary>
    ShiftRightSigned = 0xc0,

    /// <summary><c>BPF_END</c>: changes the byte order; in the class <c>BPF_ALU64</c> it always swaps (Linux 6.6).</summary>
    Endian = 0xd0,
}
