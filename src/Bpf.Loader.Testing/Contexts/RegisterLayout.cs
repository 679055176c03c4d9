using System;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Bpf.Loader.Testing.Contexts;

/// <summary>Where the registers of an architecture are in <c>struct pt_regs</c>.</summary>
internal sealed class RegisterLayout
{
    // arch/x86/include/asm/ptrace.h.
    private static readonly RegisterLayout X64 = new()
    {
        Names = ["r15", "r14", "r13", "r12", "bp", "bx", "r11", "r10", "r9", "r8", "ax", "cx", "dx", "si", "di", "orig_ax", "ip", "cs", "flags", "sp", "ss"],
        Arguments = ["di", "si", "dx", "cx", "r8", "r9"],
        Result = "ax",
        InstructionPointer = "ip",
    };

    // struct user_pt_regs of arch/arm64/include/uapi/asm/ptrace.h.
    private static readonly RegisterLayout Arm64 = new()
    {
        Names = [.. MakeNames(), "sp", "pc", "pstate", "orig_x0"],
        Arguments = ["regs[0]", "regs[1]", "regs[2]", "regs[3]", "regs[4]", "regs[5]", "regs[6]", "regs[7]"],
        Result = "regs[0]",
        InstructionPointer = "pc",
    };

    /// <summary>The names, in the order of the structure, 8 bytes each.</summary>
    public required string[] Names { get; init; }

    /// <summary>The registers of the arguments of a function.</summary>
    public required string[] Arguments { get; init; }

    /// <summary>That of its result.</summary>
    public required string Result { get; init; }

    /// <summary>That of the instruction.</summary>
    public required string InstructionPointer { get; init; }

    /// <summary>The size of the structure in bytes.</summary>
    public int Size => Names.Length * sizeof(ulong);

    /// <summary>The layout of an architecture.</summary>
    /// <exception cref="NotSupportedException">It is not known.</exception>
    public static RegisterLayout Of(Architecture architecture) => architecture switch
    {
        Architecture.X64 => X64,
        Architecture.Arm64 => Arm64,
        _ => throw new NotSupportedException($"The machine knows the registers of x86-64 and arm64, and not of {architecture}."),
    };

    /// <summary>The offset of a register.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public int OffsetOf(string name)
    {
        int index = Array.IndexOf(Names, name);
        return index >= 0 ? index * sizeof(ulong) : throw new ArgumentException($"struct pt_regs has no register '{name}'; it has {string.Join(", ", Names)}.");
    }

    private static string[] MakeNames()
    {
        string[] names = new string[31];
        for (int i = 0; i < names.Length; i++) names[i] = string.Create(CultureInfo.InvariantCulture, $"regs[{i}]");
        return names;
    }
}
