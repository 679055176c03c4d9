using System.Runtime.InteropServices;

namespace Bpf.Loader.Classic;

/// <summary>One instruction of classic BPF, of 8 bytes, as <c>struct sock_filter</c> of <c>include/uapi/linux/filter.h</c> has it.</summary>
/// <param name="Code">Class, size or operation, and mode or source of the operand.</param>
/// <param name="JumpTrue">How many instructions a condition that holds passes over.</param>
/// <param name="JumpFalse">How many instructions a condition that does not hold passes over.</param>
/// <param name="Constant">The constant, offset or distance.</param>
[StructLayout(LayoutKind.Sequential, Size = Size)]
public readonly record struct ClassicInstruction(ushort Code, byte JumpTrue, byte JumpFalse, uint Constant)
{
    /// <summary>The size of an instruction in bytes.</summary>
    public const int Size = 8;

    /// <summary>The class, the low three bits of the code.</summary>
    internal int Class => Code & ClassicCode.ClassMask;

    /// <summary>True for a jump with a condition.</summary>
    internal bool IsBranch => Class == ClassicCode.Jump && (Code & ClassicCode.OperationMask) != 0;

    /// <summary>What a load reads instead of the packet; null when it reads the packet, or is no load.</summary>
    internal ClassicExtension? Extension =>
        Code is ClassicCode.LoadWord or ClassicCode.LoadHalf or ClassicCode.LoadByte
            && Constant - ClassicCode.ExtensionOffset is var offset && offset <= (uint)ClassicExtension.VlanProtocol && offset % 4 == 0
            ? (ClassicExtension)offset
            : null;
}
