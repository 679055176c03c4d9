using System;
using System.Runtime.InteropServices;
using Bpf.Loader.Testing.Memory;

namespace Bpf.Loader.Testing;

/// <summary>A context that is a structure as it stands: the argument of a <c>syscall</c> program, or any other.</summary>
public class BytesContext : BpfContext
{
    private readonly byte[] _bytes;
    private readonly bool _isWritable;

    /// <summary>Makes a context.</summary>
    /// <param name="bytes">The structure.</param>
    /// <param name="isWritable">True when the program may write it.</param>
    public BytesContext(ReadOnlySpan<byte> bytes, bool isWritable = true)
    {
        _bytes = MachineMemory.Allocate(bytes.Length);
        bytes.CopyTo(_bytes);
        _isWritable = isWritable;
    }

    /// <summary>The structure.</summary>
    public Span<byte> Bytes => _bytes;

    /// <summary>Makes a context of a C# struct.</summary>
    public static BytesContext Of<T>(T value, bool isWritable = true)
        where T : unmanaged => new(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)), isWritable);

    /// <summary>The structure as a C# struct.</summary>
    public T Read<T>()
        where T : unmanaged => MemoryMarshal.Read<T>(_bytes);

    internal override string Name => "this context";

    private protected override void Create() => Address = Memory.AddressOf(Memory.Add(RegionKind.Context, _bytes, 0, _bytes.Length, _isWritable, this));

    internal override bool TryLoad(ulong address, uint offset, uint size, out ulong value)
    {
        value = ReadNumber(_bytes, offset, size);
        return true;
    }

    internal override bool TryStore(ulong address, uint offset, uint size, ulong value)
    {
        if (!_isWritable) return false;
        WriteNumber(_bytes, offset, size, value);
        return true;
    }
}
