using System;

namespace Bpf.Loader.Btf;

/// <summary>From which line of source the code from an instruction on was made (<c>struct bpf_line_info</c>).</summary>
/// <param name="InstructionOffset">The offset of the instruction in its ELF section, in bytes.</param>
/// <param name="FileNameOffset">The file name, as an offset in the strings of the BTF.</param>
/// <param name="LineOffset">The text of the line, as an offset in the strings of the BTF.</param>
/// <param name="LineColumn">Line number and column as they are packed in the file.</param>
public readonly record struct BtfLineInfo(uint InstructionOffset, uint FileNameOffset, uint LineOffset, uint LineColumn)
    : IBtfExtRecord<BtfLineInfo>
{
    /// <inheritdoc/>
    public static int KnownSize => 16;

    /// <summary>The line number, from 1; 0 when unknown.</summary>
    public int Line => (int)(LineColumn >> 10);

    /// <summary>The column, from 1; 0 when unknown.</summary>
    public int Column => (int)(LineColumn & 0x3ff);

    /// <summary>The name of the source file, as the compiler was given it.</summary>
    /// <exception cref="BpfFormatException">The name lies outside of the strings.</exception>
    public string GetFileName(BtfReader btf)
    {
        ArgumentNullException.ThrowIfNull(btf);
        return btf.GetString(FileNameOffset);
    }

    /// <summary>The text of the line, with its indentation; empty when the compiler did not see it.</summary>
    /// <exception cref="BpfFormatException">The text lies outside of the strings.</exception>
    public string GetText(BtfReader btf)
    {
        ArgumentNullException.ThrowIfNull(btf);
        return btf.GetString(LineOffset);
    }

    /// <inheritdoc/>
    public static BtfLineInfo Decode(ReadOnlySpan<byte> bytes, bool isBigEndian)
    {
        var block = new MemoryBlock(default, isBigEndian);
        return new BtfLineInfo(block.UInt32(bytes), block.UInt32(bytes[4..]), block.UInt32(bytes[8..]), block.UInt32(bytes[12..]));
    }
}
