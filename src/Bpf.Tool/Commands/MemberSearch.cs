using System;
using Bpf.Loader.Btf;

namespace Bpf.Tool.Commands;

/// <summary>Finds members of structs and unions by their names, those of anonymous structs and unions in them as if they were their own.</summary>
internal ref struct MemberSearch
{
    // No C source comes near it; types that were made up may double with each of their levels, or be nested in themselves.
    private const int MaximumMembers = 100_000;
    private const int MaximumDepth = 64;

    private readonly BtfReader _btf;
    private readonly ReadOnlySpan<byte> _name;
    private int _members;

    private MemberSearch(BtfReader btf, ReadOnlySpan<byte> name)
    {
        _btf = btf;
        _name = name;
    }

    /// <summary>Finds a member.</summary>
    /// <param name="btf">The types.</param>
    /// <param name="type">The struct or union.</param>
    /// <param name="name">The name of the member.</param>
    /// <param name="member">The member.</param>
    /// <param name="bit">Where it begins, in bits from the beginning of the struct.</param>
    /// <exception cref="FormatException">The type is nested in itself, or has more members than can be looked through.</exception>
    public static bool TryFind(BtfReader btf, BtfType type, ReadOnlySpan<byte> name, out BtfMember member, out ulong bit) =>
        new MemberSearch(btf, name).TryFind(type, 0, MaximumDepth, out member, out bit);

    private bool TryFind(BtfType type, ulong start, int depth, out BtfMember found, out ulong bit)
    {
        foreach (BtfMember member in type.Members)
        {
            if (depth == 0 || ++_members > MaximumMembers)
                throw new FormatException("its type is nested in itself or too deeply.");
            bit = start + member.BitOffset;
            found = member;
            if (member.NameUtf8.SequenceEqual(_name) || (member.IsAnonymous && TryFind(_btf.StripModifiers(member.TypeId), bit, depth - 1, out found, out bit)))
                return true;
        }

        found = default;
        bit = 0;
        return false;
    }
}
