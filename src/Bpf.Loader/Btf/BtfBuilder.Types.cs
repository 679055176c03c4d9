using System;
using System.Numerics;

namespace Bpf.Loader.Btf;

public sealed partial class BtfBuilder
{
    /// <summary>Appends an integer.</summary>
    /// <param name="name">The name; must not be empty.</param>
    /// <param name="size">The size in bytes: 1, 2, 4, 8 or 16.</param>
    /// <param name="encoding">How the bits are meant.</param>
    /// <exception cref="ArgumentException">The name is empty, or the size is none of those.</exception>
    public BtfTypeId AddInt(string name, uint size, BtfIntEncoding encoding = BtfIntEncoding.None)
    {
        if (!BitOperations.IsPow2(size) || size > 16) throw new ArgumentException($"An integer cannot have {size} bytes.", nameof(size));
        BtfTypeId id = Append(Required(name), BtfKind.Int, false, 0, size, 4);
        Write(_types, _typesLength - 4, ((uint)encoding << 24) | (size * 8));
        return id;
    }

    /// <summary>Appends a floating-point number (Linux 5.13).</summary>
    /// <param name="name">The name; must not be empty.</param>
    /// <param name="size">The size in bytes: 2, 4, 8, 12 or 16.</param>
    /// <exception cref="ArgumentException">The name is empty, or the size is none of those.</exception>
    public BtfTypeId AddFloat(string name, uint size)
    {
        if (size is not (2 or 4 or 8 or 12 or 16)) throw new ArgumentException($"A floating-point number cannot have {size} bytes.", nameof(size));
        return Append(Required(name), BtfKind.Float, false, 0, size);
    }

    /// <summary>Appends a pointer.</summary>
    public BtfTypeId AddPointer(BtfTypeId target) => Reference(0, BtfKind.Pointer, target);

    /// <summary>Appends the qualifier <c>const</c>.</summary>
    public BtfTypeId AddConst(BtfTypeId target) => Reference(0, BtfKind.Const, target);

    /// <summary>Appends the qualifier <c>volatile</c>.</summary>
    public BtfTypeId AddVolatile(BtfTypeId target) => Reference(0, BtfKind.Volatile, target);

    /// <summary>Appends the qualifier <c>restrict</c>.</summary>
    public BtfTypeId AddRestrict(BtfTypeId target) => Reference(0, BtfKind.Restrict, target);

    /// <summary>Appends a typedef.</summary>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public BtfTypeId AddTypedef(string name, BtfTypeId target) => Reference(Required(name), BtfKind.Typedef, target);

    /// <summary>Appends a tag on a type (Linux 5.17).</summary>
    /// <param name="value">The tag.</param>
    /// <param name="target">The tagged type.</param>
    /// <param name="isAttribute">True for an attribute of another name than <c>btf_type_tag</c>.</param>
    /// <exception cref="ArgumentException">The tag is empty.</exception>
    public BtfTypeId AddTypeTag(string value, BtfTypeId target, bool isAttribute = false) =>
        Reference(Required(value), BtfKind.TypeTag, target, isAttribute);

    /// <summary>Appends a tag on a declaration (Linux 5.16).</summary>
    /// <param name="value">The tag.</param>
    /// <param name="target">The tagged declaration.</param>
    /// <param name="component">The number of the member or parameter that is meant; -1 for the declaration itself.</param>
    /// <param name="isAttribute">True for an attribute of another name than <c>btf_decl_tag</c>.</param>
    /// <exception cref="ArgumentException">The tag is empty, or the component is below -1.</exception>
    public BtfTypeId AddDeclarationTag(string value, BtfTypeId target, int component = -1, bool isAttribute = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(component, -1);
        BtfTypeId id = Append(Required(value), BtfKind.DeclarationTag, isAttribute, 0, Id(target), 4);
        Write(_types, _typesLength - 4, (uint)component);
        return id;
    }

    /// <summary>Appends an array.</summary>
    public BtfTypeId AddArray(BtfTypeId element, BtfTypeId index, uint count)
    {
        (uint elementId, uint indexId) = (Id(element), Id(index));
        BtfTypeId id = Append(0, BtfKind.Array, false, 0, 0, 12);
        Write(_types, _typesLength - 12, elementId);
        Write(_types, _typesLength - 8, indexId);
        Write(_types, _typesLength - 4, count);
        return id;
    }

    /// <summary>Appends a struct without members; they follow by <see cref="AddMember"/>.</summary>
    public BtfTypeId AddStruct(string? name, uint size) => Append(AddString(name), BtfKind.Struct, false, 0, size);

    /// <summary>Appends a union without members; they follow by <see cref="AddMember"/>.</summary>
    public BtfTypeId AddUnion(string? name, uint size) => Append(AddString(name), BtfKind.Union, false, 0, size);

    /// <summary>Appends a forward declaration of a struct or union.</summary>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public BtfTypeId AddForward(string name, bool isUnion = false) => Append(Required(name), BtfKind.Forward, isUnion, 0, 0);

    /// <summary>Appends an enum without values; they follow by <see cref="AddEnumerator"/>. Without any, it is a forward declaration.</summary>
    /// <exception cref="ArgumentException">The size is none of 1, 2, 4 and 8 bytes.</exception>
    public BtfTypeId AddEnum(string? name, uint size = 4, bool isSigned = false) =>
        Append(AddString(name), BtfKind.Enum, isSigned, 0, EnumSize(size));

    /// <summary>Appends an enum of 64 bits (Linux 6.0); its values follow by <see cref="AddEnumerator"/>.</summary>
    /// <exception cref="ArgumentException">The size is none of 1, 2, 4 and 8 bytes.</exception>
    public BtfTypeId AddEnum64(string? name, uint size = 8, bool isSigned = false) =>
        Append(AddString(name), BtfKind.Enum64, isSigned, 0, EnumSize(size));

    /// <summary>Appends a function prototype; its parameters follow by <see cref="AddParameter"/>.</summary>
    public BtfTypeId AddFunctionPrototype(BtfTypeId result) => Reference(0, BtfKind.FunctionPrototype, result);

    /// <summary>Appends a function.</summary>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public BtfTypeId AddFunction(string name, BtfLinkage linkage, BtfTypeId prototype) =>
        Append(Required(name), BtfKind.Function, false, (int)linkage, Id(prototype));

    /// <summary>Appends a global variable.</summary>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public BtfTypeId AddVariable(string name, BtfLinkage linkage, BtfTypeId type)
    {
        BtfTypeId id = Append(Required(name), BtfKind.Variable, false, 0, Id(type), 4);
        Write(_types, _typesLength - 4, (uint)linkage);
        return id;
    }

    /// <summary>Appends a data section; its variables follow by <see cref="AddSectionVariable"/>.</summary>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public BtfTypeId AddDataSection(string name, uint size) => Append(Required(name), BtfKind.DataSection, false, 0, size);

    private BtfTypeId Reference(uint name, BtfKind kind, BtfTypeId target, bool flag = false) => Append(name, kind, flag, 0, Id(target));

    private uint Required(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return AddString(name);
    }

    // Ids of types that are yet to come are legal: that is how pointers to a struct in itself are made.
    private static uint Id(BtfTypeId id)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id.Value, nameof(id));
        return (uint)id.Value;
    }

    private static uint EnumSize(uint size) =>
        BitOperations.IsPow2(size) && size <= 8 ? size : throw new ArgumentException($"An enum cannot have {size} bytes.", nameof(size));
}
