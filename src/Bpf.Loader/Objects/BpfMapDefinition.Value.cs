using System;

namespace Bpf.Loader.Objects;

public sealed partial class BpfMapDefinition
{
    internal const int MaximumKernelName = 15; // BPF_OBJ_NAME_LEN of 16 with its NUL (Linux 4.15)

    private byte[]? _initialValue;
    private int _initialSize;

    /// <summary>
    /// The size of a value in bytes.
    /// </summary>
    public uint ValueSize { get; set; }

    /// <summary>
    /// The contents at the load: the variables of a data section, the structure of a struct_ops map, the globals of an arena.
    /// What is written here is what programs find. Empty for other maps.
    /// </summary>
    public Memory<byte> InitialValue => _initialSize == 0 ? default : _initialValue ??= new byte[_initialSize];

    /// <summary>False when nobody has asked for the contents of a zeroed section: they are all zero, and take no memory.</summary>
    internal bool HasInitialValue => _initialValue is not null;

    /// <summary>The object file that the map is of; null for inner maps.</summary>
    internal BpfObjectFile? Owner { get; set; }

    /// <summary>Where the definition begins in its section, in bytes.</summary>
    internal ulong SectionOffset { get; init; }

    /// <summary>The index of its section.</summary>
    internal int SectionIndex { get; init; }

    internal void SetInitialValue(ReadOnlySpan<byte> value)
    {
        _initialValue = value.ToArray();
        _initialSize = value.Length;
    }

    internal void SetZeroInitialValue(int size)
    {
        _initialValue = null;
        _initialSize = size;
    }
}
