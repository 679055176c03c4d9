using System;
using System.Security.Cryptography;
using Bpf.Loader.Instructions;

namespace Bpf.Loader.Relocation;

/// <summary>
/// The tag by which the kernel knows the code of a program: the first 8 bytes, in hex, of a hash over its final instructions,
/// in which the references to maps are blanked because their descriptors differ from load to load.
/// </summary>
/// <remarks>The kernel hashes with SHA-1 up to Linux 6.17, and with SHA-256 from 6.18 on (<c>bpf_prog_calc_tag</c>).</remarks>
public static class ProgramTag
{
    private const int TagBytes = 8;

    /// <summary>The tag as kernels up to 6.17 compute it, 16 hex digits.</summary>
    /// <param name="code">The final instructions.</param>
    /// <param name="isBigEndian">The byte order of the machine that runs the program.</param>
    // CA5350: no secret depends on it; the kernel's ABI sets the algorithm.
#pragma warning disable CA5350
    public static string Sha1(ReadOnlySpan<BpfInstruction> code, bool isBigEndian = false) =>
        Convert.ToHexStringLower(SHA1.HashData(Blank(code, isBigEndian)).AsSpan(0, TagBytes));
#pragma warning restore CA5350

    /// <summary>The tag as kernels from 6.18 on compute it, 16 hex digits.</summary>
    /// <param name="code">The final instructions.</param>
    /// <param name="isBigEndian">The byte order of the machine that runs the program.</param>
    public static string Sha256(ReadOnlySpan<BpfInstruction> code, bool isBigEndian = false) =>
        Convert.ToHexStringLower(SHA256.HashData(Blank(code, isBigEndian)).AsSpan(0, TagBytes));

    /// <summary>The whole hash, of which the tag is the beginning.</summary>
    internal static byte[] WholeSha256(ReadOnlySpan<BpfInstruction> code) => SHA256.HashData(Blank(code, !BitConverter.IsLittleEndian));

    // Only references by descriptor (source 1 and 2) are blanked; those by index in fd_array (5 and 6) are hashed as they are.
    private static byte[] Blank(ReadOnlySpan<BpfInstruction> code, bool isBigEndian)
    {
        byte[] bytes = new byte[code.Length * BpfInstruction.Size];
        bool afterMap = false;
        for (int i = 0; i < code.Length; i++)
        {
            BpfInstruction instruction = code[i];
            bool isMap = !afterMap && instruction is { IsLoadImmediate64: true, Source: BpfPseudo.MapDescriptor or BpfPseudo.MapValue };
            bool isSecondHalf = afterMap && instruction is { Code: 0, Destination: 0, Source: 0, Offset: 0 };
            if (isMap || isSecondHalf)
                instruction.Immediate = 0;
            afterMap = isMap;
            instruction.Write(bytes.AsSpan(i * BpfInstruction.Size), isBigEndian);
        }

        return bytes;
    }
}
