namespace Bpf.Loader.Instructions;

/// <summary>When a conditional jump is taken: bits 4 to 7 of the code of the classes <c>BPF_JMP</c> and <c>BPF_JMP32</c>.</summary>
public enum BpfCondition : byte
{
    /// <summary><c>BPF_JEQ</c>.</summary>
    Equal = 0x10,

    /// <summary><c>BPF_JGT</c>: unsigned.</summary>
    Greater = 0x20,

    /// <summary><c>BPF_JGE</c>: unsigned.</summary>
    GreaterOrEqual = 0x30,

    /// <summary><c>BPF_JSET</c>: a common bit is set.</summary>
    AnyBitSet = 0x40,

    /// <summary><c>BPF_JNE</c>.</summary>
    NotEqual = 0x50,

    /// <summary><c>BPF_JSGT</c>: signed.</summary>
    SignedGreater = 0x60,

    /// <summary><c>BPF_JSGE</c>: signed.</summary>
    SignedGreaterOrEqual = 0x70,

    /// <summary><c>BPF_JLT</c>: unsigned (Linux 4.14).</summary>
    Less = 0xa0,

    /// <summary><c>BPF_JLE</c>: unsigned (Linux 4.14).</summary>
    LessOrEqual = 0xb0,

    /// <summary><c>BPF_JSLT</c>: signed (Linux 4.14).</summary>
    SignedLess = 0xc0,

    /// <summary><c>BPF_JSLE</c>: signed (Linux 4.14).</summary>
    SignedLessOrEqual = 0xd0,
}
