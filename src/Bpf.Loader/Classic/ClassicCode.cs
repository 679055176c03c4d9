namespace Bpf.Loader.Classic;

/// <summary>The codes of classic BPF (<c>include/uapi/linux/bpf_common.h</c> and <c>filter.h</c>), and the bounds of its operands.</summary>
internal static class ClassicCode
{
    /// <summary>BPF_CLASS, and the operation of arithmetic and jumps, BPF_OP.</summary>
    public const int ClassMask = 0x07, OperationMask = 0xf0;

    /// <summary>The classes.</summary>
    public const int Load = 0, LoadIndex = 1, Store = 2, StoreIndex = 3, Arithmetic = 4, Jump = 5, Return = 6, Miscellaneous = 7;

    /// <summary>BPF_X: the operand is X instead of the constant.</summary>
    public const int Index = 0x08;

    /// <summary>BPF_LD of the packet at a constant offset.</summary>
    public const int LoadWord = 0x20, LoadHalf = 0x28, LoadByte = 0x30;

    /// <summary>BPF_LD of the packet at X and a constant.</summary>
    public const int LoadWordIndirect = 0x40, LoadHalfIndirect = 0x48, LoadByteIndirect = 0x50;

    /// <summary>BPF_LD and BPF_LDX of a constant, of a word of the scratch memory, and of the length of the packet.</summary>
    public const int LoadConstant = 0x00, LoadMemory = 0x60, LoadLength = 0x80;

    /// <summary>The same into X, and the length of an IP header.</summary>
    public const int LoadIndexConstant = 0x01, LoadIndexMemory = 0x61, LoadIndexLength = 0x81, LoadIndexHeader = 0xb1;

    /// <summary>BPF_JMP | BPF_JA.</summary>
    public const int Goto = 0x05;

    /// <summary>The conditions, with a constant.</summary>
    public const int JumpIfEqual = 0x15, JumpIfGreater = 0x25, JumpIfGreaterOrEqual = 0x35, JumpIfAnyBitSet = 0x45;

    /// <summary>Arithmetic with a constant.</summary>
    public const int Add = 0x04, Subtract = 0x14, Multiply = 0x24, Divide = 0x34, Or = 0x44, And = 0x54, ShiftLeft = 0x64, ShiftRight = 0x74,
        Negate = 0x84, Modulo = 0x94, Xor = 0xa4;

    /// <summary>BPF_RET of a constant and of A.</summary>
    public const int ReturnConstant = 0x06, ReturnAccumulator = 0x16;

    /// <summary>BPF_MISC: X = A, and A = X.</summary>
    public const int ToIndex = 0x07, FromIndex = 0x87;

    /// <summary>SKF_AD_OFF: where the extensions begin.</summary>
    public const uint ExtensionOffset = 0xffff_f000;

    /// <summary>BPF_MAXINSNS: the instructions that a filter may have; BPF_MEMWORDS: the words of scratch memory.</summary>
    public const int MaximumLength = 4096, MemoryWords = 16;

    /// <summary>The size of <c>struct seccomp_data</c>.</summary>
    public const uint SeccompDataSize = 64;

    /// <summary>True for the codes that the kernel knows (<c>chk_code_allowed</c> of net/core/filter.c).</summary>
    public static bool IsKnown(int code) => code switch
    {
        LoadWord or LoadHalf or LoadByte or LoadWordIndirect or LoadHalfIndirect or LoadByteIndirect => true,
        LoadConstant or LoadMemory or LoadLength or LoadIndexConstant or LoadIndexMemory or LoadIndexLength or LoadIndexHeader => true,
        Store or StoreIndex or ReturnConstant or ReturnAccumulator or ToIndex or FromIndex or Goto or Negate => true,
        _ => (code & ~Index) is Add or Subtract or Multiply or Divide or Modulo or Or or And or Xor or ShiftLeft or ShiftRight
            or JumpIfEqual or JumpIfGreater or JumpIfGreaterOrEqual or JumpIfAnyBitSet,
    };

    /// <summary>True for the codes that filters of system calls may have (<c>seccomp_check_filter</c> of kernel/seccomp.c).</summary>
    public static bool IsKnownToSeccomp(int code) => code switch
    {
        LoadHalf or LoadByte or LoadWordIndirect or LoadHalfIndirect or LoadByteIndirect or LoadIndexHeader => false,
        Modulo or (Modulo | Index) => false,
        _ => IsKnown(code),
    };
}
