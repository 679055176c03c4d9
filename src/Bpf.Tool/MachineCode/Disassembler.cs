using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Bpf.Tool.MachineCode;

/// <summary>Machine code as assembler: that of x86-64 in full, in the manner of GNU; of other CPUs in words that an assembler takes again.</summary>
internal static class Disassembler
{
    // Those that the kernel has a compiler for, and that have words of this size, have no other.
    private const int WordBytes = 4;

    /// <summary>Reads the instructions of a function.</summary>
    /// <param name="architecture">The CPU.</param>
    /// <param name="code">The code.</param>
    /// <param name="address">Where it runs; 0 when that is not known.</param>
    /// <param name="nameOf">The name of what is at an address outside of the function; null when nobody knows.</param>
    public static IEnumerable<MachineInstruction> Read(Architecture architecture, ReadOnlyMemory<byte> code, ulong address, Func<ulong, string?> nameOf) =>
        architecture == Architecture.X64 ? new X64Disassembler(code, address, nameOf).Read() : ReadWords(code);

    private static IEnumerable<MachineInstruction> ReadWords(ReadOnlyMemory<byte> code)
    {
        for (int at = 0; at < code.Length; at += WordBytes)
        {
            if (code.Length - at >= WordBytes)
            {
                string word = $"0x{BinaryPrimitives.ReadUInt32LittleEndian(code.Span[at..]):x8}";
                yield return new MachineInstruction(at, WordBytes, ".inst", [word], $".inst  {word}");
            }
            else
            {
                string bytes = "0x" + Convert.ToHexStringLower(code.Span[at..]);
                yield return new MachineInstruction(at, code.Length - at, ".byte", [bytes], $".byte  {bytes}");
            }
        }
    }
}
