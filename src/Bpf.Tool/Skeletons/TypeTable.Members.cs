using System;
using Bpf.Loader.Btf;

namespace Bpf.Tool.Skeletons;

internal sealed partial class TypeTable
{
    /// <summary>Adds a member or variable to a struct, in the way that its type allows.</summary>
    /// <param name="definition">The struct.</param>
    /// <param name="name">The name in C.</param>
    /// <param name="id">The type.</param>
    /// <param name="bitOffset">Where it begins, in bits.</param>
    /// <param name="size">How many bytes there are for it.</param>
    /// <param name="hint">What to call its type when that has no name.</param>
    /// <param name="network">What it is on the wire.</param>
    public void Add(StructDefinition definition, string name, BtfTypeId id, ulong bitOffset, uint size, string hint, BtfNetworkType network = BtfNetworkType.None)
    {
        string c = Declaration(id, name), own = definition.Scope.Give(CSharpNames.Pascal(name));
        if (size > int.MaxValue)
        {
            definition.Add(new StructField(StructFieldKind.Omitted, own, new CSharpType("", 0), bitOffset, 0, c));
            return;
        }

        CSharpType? type = Map(id, hint);
        if (type is not null && (uint)type.Size == size)
        {
            definition.Add(OnTheWire(new StructField(StructFieldKind.Plain, own, type, bitOffset, 0, c), definition, network));
            return;
        }

        if (type is null && _btf is not null && _btf.StripModifiers(id) is { Kind: BtfKind.Array } array && Map(array.Array.ElementTypeId, hint) is CSharpType element)
        {
            StructFieldKind kind = size == 0 ? StructFieldKind.Flexible : StructFieldKind.Span;
            definition.Add(new StructField(kind, own, element, bitOffset, (int)(size / (uint)element.Size), c));
            return;
        }

        if (size == 0) definition.Add(new StructField(StructFieldKind.Omitted, own, new CSharpType("", 0), bitOffset, 0, c));
        else if (size > MaximumArray) definition.Add(new StructField(StructFieldKind.Span, own, new CSharpType("byte", 1), bitOffset, (int)size, c));
        else definition.Add(new StructField(StructFieldKind.Plain, own, OfSize(size), bitOffset, 0, c));
    }

    // One of 32 bits may be either, and a mask is compared as a number: it has both.
    private static StructField OnTheWire(StructField field, StructDefinition definition, BtfNetworkType network)
    {
        bool isAddress = network switch { BtfNetworkType.IPv4Address => field.Type.Size == 4, BtfNetworkType.IPv6Address => field.Type.Size == 16, _ => false };
        bool isNumber = network is BtfNetworkType.Number or BtfNetworkType.IPv4Address && field.Type.Name is "ushort" or "uint" or "ulong";
        return field with
        {
            Address = isAddress ? definition.Scope.Give(field.Name + "Address") : null,
            HostOrder = isNumber ? definition.Scope.Give(field.Name + "HostOrder") : null,
        };
    }

    /// <summary>Defines a struct with what a struct holds but pointers.</summary>
    /// <returns>Its name; null when that is nothing.</returns>
    public string? DefineValues(BtfTypeId id, string name, string summary)
    {
        BtfType type = _btf![id];
        if (type.Size > MaximumArray) return null;
        var definition = new StructDefinition(_scope.Give(name, "Struct"), type.Size, Math.Clamp(_btf.AlignOf(id), 1, 8), summary);
        AddMembers(definition, type, 0, name, hasPointers: false);
        if (!definition.HasFields) return null;
        Definitions.Add(definition);
        return definition.Name;
    }

    private void AddMembers(StructDefinition definition, BtfType type, ulong start, string hint, bool hasPointers = true)
    {
        for (int i = 0; i < type.Members.Count; i++)
        {
            BtfMember member = type.Members[i];
            ulong offset = start + member.BitOffset;
            BtfType target = _btf!.StripModifiers(member.TypeId);
            _btf.TryGetSize(member.TypeId, out uint size);
            if (!hasPointers && target.Kind == BtfKind.Pointer) continue;
            if (member.IsAnonymous && target.IsComposite)
            {
                // Its members are reached directly in C, and so they are here.
                if (_depth++ < MaximumDepth) AddMembers(definition, target, offset, hint, hasPointers);
                _depth--;
            }
            else if (BitsOf(member, target) is int bits)
            {
                if (!member.IsAnonymous) AddBits(definition, member, target, offset + (uint)target.IntBitOffset, bits, hint);
            }
            else if (!member.IsAnonymous)
            {
                Add(definition, member.Name, member.TypeId, offset, size, hint + CSharpNames.Pascal(member.Name), _btf.GetNetworkType(type.Id, i));
            }
        }
    }

    // Compilers before clang 8 say the width by a type of its own.
    private static int? BitsOf(BtfMember member, BtfType target)
    {
        if (member.BitFieldSize > 0) return member.BitFieldSize;
        return target.Kind == BtfKind.Int && (target.IntBits != target.Size * 8 || target.IntBitOffset != 0) ? target.IntBits : null;
    }

    private void AddBits(StructDefinition definition, BtfMember member, BtfType target, ulong offset, int bits, string hint)
    {
        string c = $"{Declaration(member.TypeId, member.Name)} : {bits}", own = definition.Scope.Give(CSharpNames.Pascal(member.Name));
        CSharpType? type = Map(member.TypeId, hint + CSharpNames.Pascal(member.Name));
        bool isSigned = target.Kind == BtfKind.Int ? target.IntEncoding.HasFlag(BtfIntEncoding.Signed) : target.KindFlag;
        bool isNumber = target.IsEnum || target.Kind == BtfKind.Int;
        definition.Add(isNumber && bits is > 0 and <= 64 && type is { Size: <= 8 }
            ? new StructField(StructFieldKind.Bits, own, type, offset, bits, c, isSigned)
            : new StructField(StructFieldKind.Omitted, own, new CSharpType("", 0), offset, 0, c));
    }

    /// <summary>How a member or variable is declared in C; its name, when nothing is known of it.</summary>
    public string Declaration(BtfTypeId id, string name) => _btf is null || id.IsVoid ? name : BtfCPrinter.Declaration(_btf, id, name);

    // The typedef that stands nearest to the type: what C calls an anonymous struct.
    private string? TypedefOf(BtfTypeId id)
    {
        string? name = null;
        for (BtfType type = _btf![id]; type.IsModifier || type.Kind == BtfKind.Typedef; type = _btf[type.TypeId])
        {
            if (type.Kind == BtfKind.Typedef) name = type.Name;
        }

        return name;
    }

    private string NameOf(BtfType type, string? typedef, string hint, string suffix)
    {
        // The _t of a typedef tells it from a tag in C; here there is nothing to be told from.
        string name = !type.NameUtf8.IsEmpty ? type.Name : typedef is null ? hint : typedef.EndsWith("_t", StringComparison.Ordinal) ? typedef[..^2] : typedef;
        return _scope.Give(CSharpNames.Pascal(name), suffix);
    }

    private static string Origin(BtfType type, string? typedef)
    {
        string keyword = type.Kind switch { BtfKind.Union => "union", BtfKind.Struct => "struct", _ => "enum" };
        string name = type.NameUtf8.IsEmpty ? typedef ?? $"{keyword} without a name" : $"{keyword} {type.Name}";
        string size = type.Size == 1 ? "1 byte" : $"{type.Size} bytes";
        return $"<c>{CSharpNames.Xml(name)}</c>: {size}.";
    }
}
