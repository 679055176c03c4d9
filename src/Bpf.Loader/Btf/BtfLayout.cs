using System;
using System.Runtime.CompilerServices;

namespace Bpf.Loader.Btf;

/// <summary>
/// How long the record of a type is, by kind: the kinds known here, and those that the layout section of newer BTF describes
/// so that older readers can skip them.
/// </summary>
internal struct BtfLayout
{
    private const int KindCount = 128;
    private const byte Unknown = 0xff;

    // What follows the three words of the header: once, and for each entry.
    private static ReadOnlySpan<byte> KnownFixed => [Unknown, 4, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 4, 0, 0];

    private static ReadOnlySpan<byte> KnownEach => [0, 0, 0, 0, 12, 12, 8, 0, 0, 0, 0, 0, 0, 8, 0, 12, 0, 0, 0, 12];

    private Sizes _fixed;
    private Sizes _each;

    /// <summary>Takes the known kinds and the entries of a layout section (kind by kind: size, size of an entry, two bytes of flags).</summary>
    public BtfLayout(ReadOnlySpan<byte> section)
    {
        Span<byte> once = _fixed, each = _each;
        once.Fill(Unknown);
        for (int kind = 0; kind < Math.Min(section.Length / 4, KindCount); kind++)
        {
            // Records must stay aligned; a kind that would break that stays unknown.
            if (section[kind * 4] % 4 != 0 || section[(kind * 4) + 1] % 4 != 0) continue;
            once[kind] = section[kind * 4];
            each[kind] = section[(kind * 4) + 1];
        }

        KnownFixed.CopyTo(once);
        KnownEach.CopyTo(each);
    }

    /// <summary>The section for all known kinds, and behind them what one has of others.</summary>
    public static byte[] Write(ReadOnlySpan<byte> present)
    {
        byte[] section = new byte[Math.Max(KnownFixed.Length * 4, present.Length)];
        present.CopyTo(section);
        for (int kind = 0; kind < KnownFixed.Length; kind++)
        {
            section[kind * 4] = KnownFixed[kind] == Unknown ? (byte)0 : KnownFixed[kind];
            section[(kind * 4) + 1] = KnownEach[kind];
        }

        return section;
    }

    /// <summary>The bytes behind the header of a type with that second word; negative for an unknown kind.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long ExtraSize(in BtfLayout layout, uint info)
    {
        ReadOnlySpan<byte> once = layout._fixed, each = layout._each;
        int kind = (int)(info >> 24) & (KindCount - 1);
        return once[kind] == Unknown ? -1 : once[kind] + ((long)each[kind] * BtfType.VariableLengthOf(info));
    }

    [InlineArray(KindCount)]
    private struct Sizes
    {
        private byte _element;
    }
}
