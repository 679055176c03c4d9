namespace Bpf.Loader.Instructions;

/// <summary>The width of a memory access: bits 3 and 4 of the code of loads and stores.</summary>
public enum BpfAccessSize : byte
{
    /// <summary><c>BPF_W</c>: 4 bytes.</summary>
    Word = BpfOpCode.Word,

    /// <summary><c>BPF_H</c>: 2 bytes.</summary>
    HalfWord = BpfOpCode.HalfWord,

    /// <summary><c>BPF_B</c>: 1 byte.</summary>
    Byte = BpfOpCode.Byte,

    /// <summary><c>BPF_DW</c>: 8 bytes.</summary>
    DoubleWord = BpfOpCode.DoubleWord,
}
