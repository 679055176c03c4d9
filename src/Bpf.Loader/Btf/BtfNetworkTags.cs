using System;
using System.Collections.Generic;

namespace Bpf.Loader.Btf;

/// <summary>Which declarations and types of a BTF are on the wire: by their tags, and by the names that the kernel's headers give.</summary>
internal sealed class BtfNetworkTags
{
    private const int Itself = -1; // the declaration, and none of its members

    private static readonly BtfNetworkTags None = new();

    private readonly Dictionary<(BtfTypeId Type, int Member), BtfNetworkType> _tags = [];

    private BtfNetworkTags()
    {
    }

    /// <summary>Finds the tags of a BTF and of its base.</summary>
    public static BtfNetworkTags Of(BtfReader btf)
    {
        // Most have none, the kernel's among them: a look at the strings tells.
        bool isTagged = false;
        for (BtfReader? reader = btf; reader is not null && !isTagged; reader = reader.Base) isTagged = reader.Strings.Span.IndexOf("format:"u8) >= 0;
        if (!isTagged) return None;
        var tags = new BtfNetworkTags();
        for (int i = 1; i < btf.TypeCount; i++)
        {
            BtfType tag = btf[new BtfTypeId(i)];
            if (tag.Kind == BtfKind.DeclarationTag && OfTag(tag) is not BtfNetworkType.None and BtfNetworkType known) tags._tags[(tag.TypeId, tag.ComponentIndex)] = known;
        }

        return tags;
    }

    /// <summary>What a tag says; <c>bpf/bpf_records.h</c> has macros of these names.</summary>
    public static BtfNetworkType OfTag(BtfType tag) =>
        tag.NameUtf8.SequenceEqual("format:ipv4"u8) ? BtfNetworkType.IPv4Address
        : tag.NameUtf8.SequenceEqual("format:ipv6"u8) ? BtfNetworkType.IPv6Address
        : tag.NameUtf8.SequenceEqual("format:network"u8) ? BtfNetworkType.Number
        : BtfNetworkType.None;

    /// <summary>What the tag of a member says.</summary>
    public BtfNetworkType OfMember(BtfTypeId composite, int member) => _tags.Count == 0 ? BtfNetworkType.None : _tags.GetValueOrDefault((composite, member));

    /// <summary>What a type is by its own name or tag; what it leads to is not looked at.</summary>
    public BtfNetworkType OfType(BtfType type)
    {
        if (_tags.Count != 0 && _tags.TryGetValue((type.Id, Itself), out BtfNetworkType tagged)) return tagged;
        switch (type.Kind)
        {
            // linux/types.h: nothing else says that a number is big-endian. One of 32 bits is an address far more often than not.
            case BtfKind.Typedef when type.Reader.StringEquals(type.NameOffset, "__be32"u8):
                return BtfNetworkType.IPv4Address;
            case BtfKind.Typedef when type.Reader.StringEquals(type.NameOffset, "__be16"u8) || type.Reader.StringEquals(type.NameOffset, "__be64"u8):
                return BtfNetworkType.Number;
            case BtfKind.Struct when type.Size == 4 && type.NameUtf8.SequenceEqual("in_addr"u8):
                return BtfNetworkType.IPv4Address;
            case BtfKind.Struct when type.Size == 16 && type.NameUtf8.SequenceEqual("in6_addr"u8):
                return BtfNetworkType.IPv6Address;
            default:
                return BtfNetworkType.None;
        }
    }

    /// <summary>Whether a value of a size is what its tag or type says: a tag may stand at what it does not fit.</summary>
    public static bool Fits(BtfNetworkType network, uint size) => network switch
    {
        BtfNetworkType.IPv4Address => size == 4,
        BtfNetworkType.IPv6Address => size == 16,
        BtfNetworkType.Number => size is 2 or 4 or 8,
        _ => false,
    };
}
