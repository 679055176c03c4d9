using System;
using System.Globalization;

namespace Bpf.Loader.Btf;

/// <summary>
/// Writes the members of one struct or union. Where a C compiler would put a member elsewhere than BTF says, unnamed bit-fields
/// make up for it: that is what is left of alignment attributes and of bit-fields without a name.
/// </summary>
internal ref struct BtfCBody(BtfReader btf, BtfCText text, BtfType type, int indent, int depth)
{
    // Wider gaps become an array, for a line of padding holds 8 bytes at most.
    private const ulong WidestGap = 64 * 8;

    private readonly bool _isPacked = BtfReader.IsPacked(type);
    private ulong _end; // in bits

    public void Write()
    {
        ulong largest = 0;
        foreach (BtfMember member in type.Members)
        {
            if (type.Kind == BtfKind.Union) _end = 0;
            else if (member.BitOffset > _end && Place(member) != member.BitOffset) Pad(member.BitOffset);
            WriteMember(member);
            _end = member.BitOffset + Bits(member);
            largest = Math.Max(largest, _end);
        }

        ulong size = type.Size * 8UL, alignment = 8UL * (uint)btf.AlignOf(type.Id);
        if (RoundUp(largest, alignment) >= size) return;
        if (type.Kind == BtfKind.Struct) Pad(size);
        else text.Line(indent).Append(string.Create(CultureInfo.InvariantCulture, $"char __gap_0[{type.Size}];"));
    }

    private readonly void WriteMember(BtfMember member)
    {
        text.Line(indent);
        ReadOnlySpan<byte> name = member.NameUtf8;

        // C has no members without a name but those whose type has no tag; Microsoft's extension, which the kernel uses since 6.19,
        // has. Its body in the place of the tag means the same to every compiler.
        if (name.Length == 0 && btf.StripModifiers(member.TypeId) is { IsComposite: true } inner)
        {
            text.WriteDefinition(inner, indent, depth + 1, withTag: false);
            text.Write(";");
            return;
        }

        text.WriteDeclaration(member.TypeId, name, indent, depth);
        text.Write(member.BitFieldSize == 0 ? ";" : string.Create(CultureInfo.InvariantCulture, $": {member.BitFieldSize};"));
    }

    private readonly ulong Bits(BtfMember member) =>
        member.BitFieldSize != 0 ? (uint)member.BitFieldSize : btf.TryGetSize(member.TypeId, out uint size) ? size * 8UL : 0;

    /// <summary>Where C puts a member that follows what was written so far.</summary>
    private readonly ulong Place(BtfMember member)
    {
        if (member.BitFieldSize == 0) return RoundUp(_end, _isPacked ? 8 : 8UL * (uint)btf.AlignOf(member.TypeId));
        if (_isPacked || !btf.TryGetSize(member.TypeId, out uint size) || size == 0) return _end;

        // A bit-field does not cross the boundary of a unit of its type.
        ulong unit = size * 8UL;
        return _end / unit == (_end + (uint)member.BitFieldSize - 1) / unit ? _end : RoundUp(_end, unit);
    }

    private void Pad(ulong to)
    {
        if (to - _end > WidestGap)
        {
            ulong from = RoundUp(_end, 8);
            text.Line(indent).Append(string.Create(CultureInfo.InvariantCulture, $"char __gap_{from / 8}[{(to - from) / 8}];"));
            _end = from + ((to - from) / 8 * 8);
        }

        while (_end < to)
        {
            // As far as the next boundary of 64 bits, by the smallest type that holds all of it in one unit.
            ulong last = Math.Min(to, RoundUp(_end + 1, 64)) - 1;
            string unit = _end / 8 == last / 8 ? "char" : _end / 16 == last / 16 ? "short" : _end / 32 == last / 32 ? "int" : "long";
            text.Line(indent).Append(string.Create(CultureInfo.InvariantCulture, $"{unit}: {last + 1 - _end};"));
            _end = last + 1;
        }
    }

    private static ulong RoundUp(ulong value, ulong multiple) => (value + multiple - 1) / multiple * multiple;
}
