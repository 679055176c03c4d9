using Bpf.Loader.Elf;

namespace Bpf.Loader.Links.Usdt;

/// <summary>What the words of a probe's arguments are read against: its machine, its address, and the symbols of its binary.</summary>
/// <param name="Machine">The machine of the binary.</param>
/// <param name="Address">The address of the probe, as the binary says it.</param>
/// <param name="IsFixed">True when the binary is where it says; false when every process has it elsewhere.</param>
/// <param name="Symbols">The symbols of the binary.</param>
internal readonly record struct UsdtPlace(ElfMachine Machine, ulong Address, bool IsFixed, UsdtSymbols Symbols)
{
    /// <summary>Where the probe's own address is in the saved registers, which tells where the binary is in a process.</summary>
    private short InstructionPointer => Machine switch
    {
        ElfMachine.X64 => 128,
        ElfMachine.Arm64 => 256, // struct user_pt_regs: 31 registers, sp, pc
        ElfMachine.S390 => 16, // user_pt_regs: args[1], psw.mask, psw.addr
        _ => 0, // struct user_regs_struct of RISC-V begins with pc
    };

    /// <summary>Reads an address that is a sum of numbers and a symbol, and at most two registers, of which the second is scaled.</summary>
    /// <param name="offset">The sum of numbers.</param>
    /// <param name="symbol">The symbol; null for none.</param>
    /// <param name="register">The first register; null for none.</param>
    /// <param name="index">The second register; null for none.</param>
    /// <param name="scaleShift">By how many bits the second is shifted.</param>
    public UsdtArgument Memory(long offset, string? symbol, short? register, short? index, int scaleShift = 0)
    {
        if (symbol is null && register is short first)
            return index is short second ? UsdtArgument.Indexed(first, offset, second, scaleShift) : UsdtArgument.InMemory(first, offset);
        if (symbol is null && !IsFixed)
        {
            return index is short only && scaleShift == 0
                ? UsdtArgument.InMemory(only, offset)
                : UsdtArgument.Unreadable("it is at a fixed address, and the binary is position-independent");
        }

        long address = offset;
        if (symbol is not null)
        {
            if (Symbols.Find(symbol, out string? reason) is not ulong value) return UsdtArgument.Unreadable(reason!);
            address = unchecked((long)value + offset);
        }

        if (register is short known && IsFixed)
            return index is short scaled ? UsdtArgument.Indexed(known, address, scaled, scaleShift) : UsdtArgument.InMemory(known, address);

        // Where the probe is in a process, the symbol is as far from it as in the file.
        long distance = unchecked(address - (long)Address);
        return (register, index) switch
        {
            (null, null) => UsdtArgument.InMemory(InstructionPointer, distance),
            (null, short scaled) => UsdtArgument.Indexed(InstructionPointer, distance, scaled, scaleShift),
            (short added, null) => UsdtArgument.Indexed(InstructionPointer, distance, added, 0),
            _ => UsdtArgument.Unreadable("it is at a symbol and two registers, of which usdt.bpf.h can add up two"),
        };
    }

    /// <summary>Reads the address of a symbol that is the value itself.</summary>
    public UsdtArgument AddressOf(string symbol, long offset)
    {
        if (Symbols.Find(symbol, out string? reason) is not ulong value) return UsdtArgument.Unreadable(reason!);
        return IsFixed
            ? UsdtArgument.Constant(unchecked((long)value + offset))
            : UsdtArgument.Unreadable($"the address of '{symbol}' is another in each process, because the binary is position-independent");
    }

    /// <summary>An argument that fails in the program, whatever usdt.bpf.h the object was compiled with.</summary>
    /// <remarks>Those that do not look at numbers that they do not know take it for memory that no process has.</remarks>
    public UsdtArgument Failing(UsdtArgument argument) => argument with { Register = InstructionPointer, Value = long.MinValue };
}
