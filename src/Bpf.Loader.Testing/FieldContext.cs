using System;
using Bpf.Loader.Testing.Contexts;
using Bpf.Loader.Testing.Memory;

namespace Bpf.Loader.Testing;

/// <summary>A context whose members are set and read by their names in C, as the kernel's header for user space has them.</summary>
public abstract class FieldContext : BpfContext
{
    private readonly ulong[] _pointers;

    private protected FieldContext(ContextLayout layout)
    {
        Layout = layout;
        Bytes = new byte[layout.Size];
        _pointers = new ulong[layout.Size];
    }

    /// <summary>A member as a number; of a pointer the address that programs get.</summary>
    /// <param name="member">The name in C, such as <c>mark</c>.</param>
    /// <exception cref="ArgumentException">There is no such member, or it has more than 8 bytes.</exception>
    public ulong this[string member]
    {
        get => Layout[member] is { IsPointer: true } field ? _pointers[field.Offset] : BpfBits.Read(Bytes, Layout[member].Offset * 8, BitsOf(Layout[member]));
        set
        {
            ContextField field = Layout[member];
            if (field.IsPointer) _pointers[field.Offset] = value;
            else BpfBits.Write(Bytes, field.Offset * 8, BitsOf(field), value);
        }
    }

    /// <summary>The bytes of a member, such as an address of 16 bytes.</summary>
    /// <exception cref="ArgumentException">There is no such member.</exception>
    public Span<byte> GetBytes(string member)
    {
        ContextField field = Layout[member];
        return Bytes.AsSpan(field.Offset, field.Size);
    }

    internal override string Name => "struct " + Layout.Name;

    private protected ContextLayout Layout { get; }

    /// <summary>The structure, pointers left out.</summary>
    private protected byte[] Bytes { get; }

    private protected override void Create() => Address = AddRegion(Layout);

    internal override bool TryLoad(ulong address, uint offset, uint size, out ulong value)
    {
        value = 0;
        if (Layout.Find(offset, size) is not { } field) return false;
        value = field.IsPointer ? _pointers[field.Offset] : ReadNumber(Bytes, offset, size);
        return !field.IsPointer || size == field.Size;
    }

    internal override bool TryStore(ulong address, uint offset, uint size, ulong value)
    {
        if (Layout.Find(offset, size) is not { IsWritable: true }) return false;
        WriteNumber(Bytes, offset, size, value);
        return true;
    }

    private protected ulong AddRegion(ContextLayout layout) =>
        Memory.AddressOf(Memory.Add(RegionKind.Context, [], 0, layout.Size, isWritable: true, this));

    /// <summary>Sets what a pointer member gives.</summary>
    private protected void Point(int offset, ulong address) => _pointers[offset] = address;

    private static int BitsOf(ContextField field) => field.Size <= 8
        ? field.Size * 8
        : throw new ArgumentException($"The member '{field.Name}' has {field.Size} bytes: use {nameof(GetBytes)}.");
}
