using System;

namespace Bpf.Loader.Btf;

/// <summary>Which function begins at an instruction (<c>struct bpf_func_info</c>).</summary>
/// <param name="InstructionOffset">The offset of the instruction in its ELF section, in bytes.</param>
/// <param name="TypeId">The function.</param>
public readonly record struct BtfFuncInfo(uint InstructionOffset, BtfTypeId TypeId) : IBtfExtRecord<BtfFuncInfo>
{
    /// <inheritdoc/>
    public static int KnownSize => 8;

    /// <inheritdoc/>
    public static BtfFuncInfo Decode(ReadOnlySpan<byte> bytes, bool isBigEndian)
    {
        var block = new MemoryBlock(default, isBigEndian);
        return new BtfFuncInfo(block.UInt32(bytes), new BtfTypeId((int)block.UInt32(bytes[4..])));
    }
}
