using System;

namespace Bpf.Loader.Btf;

/// <summary>What an instruction wants to know of the target's types (<c>struct bpf_core_relo</c>).</summary>
/// <param name="InstructionOffset">The offset of the instruction in its ELF section, in bytes.</param>
/// <param name="TypeId">The type that the access starts from, as the object knows it.</param>
/// <param name="AccessStringOffset">The path of the access, such as <c>0:1:2</c>, as an offset in the strings of the BTF.</param>
/// <param name="Kind">What is wanted.</param>
public readonly record struct BtfCoReRecord(uint InstructionOffset, BtfTypeId TypeId, uint AccessStringOffset, CoReKind Kind)
    : IBtfExtRecord<BtfCoReRecord>
{
    /// <inheritdoc/>
    public static int KnownSize => 16;

    /// <summary>The path of the access, such as <c>0:1:2</c>: an index, then the numbers of members or the indexes of elements.</summary>
    /// <exception cref="BpfFormatException">The path lies outside of the strings.</exception>
    public string GetAccessString(BtfReader btf)
    {
        ArgumentNullException.ThrowIfNull(btf);
        return btf.GetString(AccessStringOffset);
    }

    /// <inheritdoc/>
    public static BtfCoReRecord Decode(ReadOnlySpan<byte> bytes, bool isBigEndian)
    {
        var block = new MemoryBlock(default, isBigEndian);
        return new BtfCoReRecord(
            block.UInt32(bytes), new BtfTypeId((int)block.UInt32(bytes[4..])), block.UInt32(bytes[8..]), (CoReKind)block.UInt32(bytes[12..]));
    }
}
