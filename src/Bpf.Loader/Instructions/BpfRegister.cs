namespace Bpf.Loader.Instructions;

/// <summary>A register of the BPF machine.</summary>
public enum BpfRegister : byte
{
    /// <summary>The result of calls and of the program.</summary>
    R0,

    /// <summary>The first argument of calls; the context when a program starts.</summary>
    R1,

    /// <summary>The second argument of calls.</summary>
    R2,

    /// <summary>The third argument of calls.</summary>
    R3,

    /// <summary>The fourth argument of calls.</summary>
    R4,

    /// <summary>The fifth argument of calls.</summary>
    R5,

    /// <summary>Kept across calls.</summary>
    R6,

    /// <summary>Kept across calls.</summary>
    R7,

    /// <summary>Kept across calls.</summary>
    R8,

    /// <summary>Kept across calls.</summary>
    R9,

    /// <summary>The end of the stack frame, read-only; the stack is the 512 bytes below it.</summary>
    R10,
}
