using System;
using System.Globalization;
using Bpf.Loader.Btf;
using Bpf.Loader.Testing.Kernel;

namespace Bpf.Loader.Testing;

/// <summary>
/// An object of the kernel, made by the name of its type. Members are set and read by their names in C; a path goes on with dots and
/// brackets, as in <c>__sk_common.skc_dport</c>, and members of anonymous structs are found as C finds them.
/// </summary>
public sealed class KernelObject
{
    private readonly MachineKernel _kernel;
    private readonly BtfType _type;
    private readonly byte[] _data;
    private readonly int _start;

    internal KernelObject(MachineKernel kernel, BtfType type, string name, byte[] data, int start, ulong address)
    {
        _kernel = kernel;
        _type = type;
        TypeName = name;
        _data = data;
        _start = start;
        Address = address;
    }

    /// <summary>The name of the type.</summary>
    public string TypeName { get; }

    /// <summary>Where the object is in the memory of the machine: what a pointer to it holds.</summary>
    public ulong Address { get; internal set; }

    /// <summary>The variable that it is a copy of; null for other objects.</summary>
    internal KernelVariable? Variable { get; set; }

    /// <summary>The bytes of the object.</summary>
    public Span<byte> Bytes => _data.AsSpan(_start, (int)_kernel.Types.SizeOf(_type.Id));

    /// <summary>
    /// A member. It is set to a number, an enum, a text (for arrays of characters, and for pointers to them), bytes, or another object
    /// (for pointers), and read as a number or text.
    /// </summary>
    /// <param name="path">The path to the member.</param>
    /// <exception cref="ArgumentException">There is no such member, or it takes no such value.</exception>
    public object? this[string path]
    {
        get
        {
            MemberPath member = Find(path);
            return IsCharArray(member.Type) ? GetText(path) : member.Type.Kind == BtfKind.Int && (member.Type.IntEncoding & BtfIntEncoding.Signed) != 0
                ? (long)(GetNumber(path) << (64 - WidthOf(member))) >> (64 - WidthOf(member))
                : GetNumber(path);
        }

        set => Set(path, value);
    }

    /// <summary>The number that a member holds; of a pointer its address.</summary>
    /// <exception cref="ArgumentException">There is no such member, or it is no number.</exception>
    public ulong GetNumber(string path)
    {
        MemberPath member = Find(path);
        return BpfBits.Read(Bytes, member.BitOffset, WidthOf(member));
    }

    /// <summary>The text that an array of characters holds.</summary>
    /// <exception cref="ArgumentException">There is no such member.</exception>
    public string GetText(string path) => BpfText.Read(GetBytes(path));

    /// <summary>The bytes of a member.</summary>
    /// <exception cref="ArgumentException">There is no such member.</exception>
    public Span<byte> GetBytes(string path)
    {
        MemberPath member = Find(path);
        return Bytes.Slice(member.Offset, (int)_kernel.Types.SizeOf(member.Type.Id));
    }

    /// <summary>The address of a member, for pointers into the object: <c>container_of</c> finds its way back from it.</summary>
    /// <exception cref="ArgumentException">There is no such member.</exception>
    public ulong AddressOf(string path) => Address + (ulong)Find(path).Offset;

    /// <summary>A struct inside of the object, as an object of its own over the same bytes.</summary>
    /// <exception cref="ArgumentException">There is no such member.</exception>
    public KernelObject Member(string path)
    {
        MemberPath member = Find(path);
        return new KernelObject(_kernel, member.Type, member.Type.Name, _data, _start + member.Offset, Address + (ulong)member.Offset);
    }

    /// <summary>Makes a list of the kernel: <c>struct list_head</c>, closed to a ring.</summary>
    /// <param name="head">The path to the head in this object.</param>
    /// <param name="link">The path to the link in each element.</param>
    /// <param name="elements">The elements, in their order.</param>
    /// <exception cref="ArgumentException">There is no such member.</exception>
    public void SetList(string head, string link, params ReadOnlySpan<KernelObject> elements)
    {
        (KernelObject Object, string Path) previous = (this, head);
        foreach (KernelObject element in elements)
        {
            previous.Object[previous.Path + ".next"] = element.AddressOf(link);
            element[link + ".prev"] = previous.Object.AddressOf(previous.Path);
            previous = (element, link);
        }

        previous.Object[previous.Path + ".next"] = AddressOf(head);
        this[head + ".prev"] = previous.Object.AddressOf(previous.Path);
    }

    /// <summary>Makes a list of the kernel for hash tables: <c>struct hlist_head</c>, which ends with a null pointer.</summary>
    /// <inheritdoc cref="SetList"/>
    public void SetHashList(string head, string link, params ReadOnlySpan<KernelObject> elements)
    {
        ulong place = AddressOf(head);
        (KernelObject Object, string Path) previous = (this, head + ".first");
        foreach (KernelObject element in elements)
        {
            previous.Object[previous.Path] = element.AddressOf(link);
            element[link + ".pprev"] = place;
            place = element.AddressOf(link);
            previous = (element, link + ".next");
        }

        previous.Object[previous.Path] = 0;
    }

    /// <summary>Type and address.</summary>
    public override string ToString() => $"{TypeName} at 0x{Address:x}";

    private MemberPath Find(string path) => MemberPath.Find(_kernel.Types, _type, path);

    private void Set(string path, object? value)
    {
        MemberPath member = Find(path);
        switch (value)
        {
            case string text when IsCharArray(member.Type):
                if (!BpfText.Write(text, GetBytes(path))) throw new ArgumentException($"\"{text}\" does not fit into {path}, which has {GetBytes(path).Length} bytes.");
                break;
            case string text when member.Type.Kind == BtfKind.Pointer:
                Write(member, _kernel.NewText(text));
                break;
            case byte[] bytes when bytes.Length <= GetBytes(path).Length:
                bytes.CopyTo(GetBytes(path));
                break;
            case KernelObject other when member.Type.Kind == BtfKind.Pointer:
                Write(member, other.Address);
                break;
            case null when member.Type.Kind == BtfKind.Pointer:
                Write(member, 0);
                break;
            case bool flag:
                Write(member, flag ? 1ul : 0);
                break;
            case ulong number:
                Write(member, number);
                break;
            case IConvertible number and not string:
                Write(member, unchecked((ulong)number.ToInt64(CultureInfo.InvariantCulture)));
                break;
            default:
                throw new ArgumentException($"The member '{path}' ({BtfCPrinter.Declaration(_kernel.Types, member.Type.Id)}) cannot be set to {value ?? "null"}.");
        }
    }

    private void Write(MemberPath member, ulong value) => BpfBits.Write(Bytes, member.BitOffset, WidthOf(member), value);

    private int WidthOf(MemberPath member)
    {
        if (member.BitFieldSize != 0) return member.BitFieldSize;
        uint size = _kernel.Types.SizeOf(member.Type.Id);
        return size is >= 1 and <= 8 ? (int)size * 8 : throw new ArgumentException($"A {member.Type.Kind} of {size} bytes is no number: go on with the path, or use {nameof(GetBytes)}.");
    }

    private bool IsCharArray(BtfType type) =>
        type.Kind == BtfKind.Array && _kernel.Types.StripModifiers(type.Array.ElementTypeId) is { Kind: BtfKind.Int, Size: 1 };
}
