using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Objects;

/// <summary>A global variable of an object file, whose initial value can be read and changed before the load.</summary>
public sealed class BpfGlobal
{
    internal BpfGlobal(string name, BpfMapDefinition map, uint offset, uint size, BtfTypeId type, bool isStatic)
    {
        Name = name;
        Map = map;
        Offset = offset;
        Size = size;
        TypeId = type;
        IsStatic = isStatic;
    }

    /// <summary>The name; for a static variable of a function it is <c>function.name</c>.</summary>
    public string Name { get; }

    /// <summary>The map that holds the variable.</summary>
    public BpfMapDefinition Map { get; }

    /// <summary>Its offset in the value of the map, in bytes.</summary>
    public uint Offset { get; }

    /// <summary>Its size in bytes.</summary>
    public uint Size { get; internal set; }

    /// <summary>Its type in the object's BTF; void when unknown.</summary>
    public BtfTypeId TypeId { get; internal set; }

    /// <summary>True when the variable is visible in its C file only.</summary>
    public bool IsStatic { get; }

    /// <summary>True when nobody may write it after the load: it is a constant.</summary>
    public bool IsReadOnly => (Map.Flags & BpfMapFlags.ReadOnlyProgram) != 0;

    /// <summary>The bytes of the initial value.</summary>
    public Span<byte> Bytes => Map.InitialValue.Span.Slice((int)Offset, (int)Size);

    /// <summary>The initial value.</summary>
    /// <exception cref="ArgumentException"><typeparamref name="T"/> has another size than the variable.</exception>
    /// <exception cref="InvalidOperationException">The object is for machines of the other byte order.</exception>
    public T Get<T>() where T : unmanaged
    {
        Check<T>();
        return MemoryMarshal.Read<T>(Bytes);
    }

    /// <summary>Sets the initial value: what programs find when they run, and for a constant what the verifier sees.</summary>
    /// <exception cref="ArgumentException"><typeparamref name="T"/> has another size than the variable.</exception>
    /// <exception cref="InvalidOperationException">The object is for machines of the other byte order.</exception>
    public void Set<T>(T value) where T : unmanaged
    {
        Check<T>();
        MemoryMarshal.Write(Bytes, in value);
    }

    /// <summary>Map and name.</summary>
    public override string ToString() => $"{Name} ({Map.Name}+{Offset})";

    private void Check<T>() where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() != Size)
            throw new ArgumentException($"The variable {Name} has {Size} bytes, and {typeof(T)} has {Unsafe.SizeOf<T>()}.");
        if (Map.Owner is { IsForeignEndian: true } file)
            throw new InvalidOperationException($"{file.Name} is {(file.IsBigEndian ? "big" : "little")}-endian: its variables can be read as bytes only on this machine.");
    }
}
