using System;

namespace Bpf.Loader.Btf;

/// <summary>BTF after duplicates were removed, and what became of each type.</summary>
public sealed class BtfDeduplication
{
    private readonly int[] _ids;

    internal BtfDeduplication(BtfReader types, BtfExtReader? ext, int[] ids)
    {
        Types = types;
        Ext = ext;
        _ids = ids;
    }

    /// <summary>The types that are left, with no other strings than they use.</summary>
    public BtfReader Types { get; }

    /// <summary>The records of <c>.BTF.ext</c>, with the new ids and strings; null when none were given.</summary>
    public BtfExtReader? Ext { get; }

    /// <summary>The id in <see cref="Types"/> of the type that an id meant before.</summary>
    public BtfTypeId this[BtfTypeId before]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)before.Value, (uint)_ids.Length, nameof(before));
            return new BtfTypeId(_ids[before.Value]);
        }
    }

    /// <summary>
    /// Keeps one of each type: BTF in which the types of several files were put together has most of them many times. Types of
    /// split BTF are compared with those of the base, too. Variables and data sections are all kept.
    /// </summary>
    /// <param name="btf">The types.</param>
    /// <param name="ext">The records that belong to them, or null.</param>
    /// <exception cref="BpfFormatException">The types refer to each other in a way that types of C cannot.</exception>
    public static BtfDeduplication Run(BtfReader btf, BtfExtReader? ext = null)
    {
        ArgumentNullException.ThrowIfNull(btf);
        return BtfDeduplicator.Run(btf, ext, keepStrings: false);
    }

    /// <summary>As above, with all strings as they are: those of a builder are there once each, and used.</summary>
    internal static BtfDeduplication RunKeepingStrings(BtfReader btf, BtfExtReader? ext) => BtfDeduplicator.Run(btf, ext, keepStrings: true);
}
