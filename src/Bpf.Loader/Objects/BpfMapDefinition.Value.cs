using System;

namespace Bpf.Loader.Objects;

public sealed partial class BpfMapDefinition
{
    internal const int MaximumKernelName = 15; // BPF_OBJ_NAME_LEN of 16 with its NUL (Linux 4.15)

    private uint _valueSize;
    private byte[]? _initialValue;
    private int _initialSize;
    private string? _pinPath;

    /// <summary>
    /// The size of a value in bytes. A data section can be made larger or smaller: its contents are kept as far as they go, and its
    /// last variable, when it is an array, grows or shrinks with it. What <see cref="InitialValue"/> gave before is then stale.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The size of a data section is set to 0 or to more than 2 GiB.</exception>
    public uint ValueSize
    {
        get => _valueSize;
        set
        {
            if (_valueSize == value) return;
            if (IsInternal && Owner is not null)
            {
                ArgumentOutOfRangeException.ThrowIfZero(value);
                ArgumentOutOfRangeException.ThrowIfGreaterThan(value, (uint)int.MaxValue);
                Owner.ResizeSection(this, value);
                if (_initialValue is not null) Array.Resize(ref _initialValue, (int)value);
                _initialSize = (int)value;
            }

            _valueSize = value;
        }
    }

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

    /// <summary>True when the last name of <see cref="PinPath"/> is that of the map, which the object gave, and nobody set another path.</summary>
    internal bool IsPinPathOfName { get; private set; }

    /// <summary>Pins the map by its name.</summary>
    /// <param name="folder">Below which folder.</param>
    internal void PinByName(string folder) => (_pinPath, IsPinPathOfName) = ($"{folder}/{Name}", true);

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
