using System;
using System.Collections.Generic;
using Bpf.Loader.Maps;
using Bpf.Loader.Objects;
using Bpf.Loader.Testing.Maps;
using Bpf.Loader.Testing.Memory;

namespace Bpf.Loader.Testing;

/// <summary>A map in the machine, with the limits and errors of the kernel's map of its type.</summary>
public abstract class BpfMachineMap
{
    private ulong _handle;
    private KernelObject? _description;

    private protected BpfMachineMap(BpfMachine machine, BpfMapDefinition definition)
    {
        Machine = machine;
        Definition = definition;
        KeySize = (int)definition.KeySize;
        ValueSize = (int)definition.ValueSize;
        MaxEntries = definition.MaxEntries;
    }

    /// <summary>The name.</summary>
    public string Name => Definition.Name;

    /// <summary>The type.</summary>
    public BpfMapType Type => Definition.Type;

    /// <summary>The size of a key in bytes.</summary>
    public int KeySize { get; }

    /// <summary>The size of a value in bytes.</summary>
    public int ValueSize { get; }

    /// <summary>How many elements it takes.</summary>
    public uint MaxEntries { get; }

    /// <summary>How many elements it has; for arrays all that it takes.</summary>
    public virtual int Count => 0;

    internal BpfMachine Machine { get; }

    internal BpfMapDefinition Definition { get; }

    /// <summary>What the kernel looks after in a value; null for nothing.</summary>
    internal SpecialFields? Fields { get; set; }

    internal MachineMemory Memory => Machine.Memory;

    /// <summary>What programs have as a pointer to the map.</summary>
    internal ulong Handle => _handle != 0 ? _handle : _handle = Memory.AddressOf(Memory.Add(RegionKind.Handle, [], 0, 0, isWritable: false, this));

    /// <summary>Finds an element.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="value">Gets the value.</param>
    /// <returns>False when it is not there.</returns>
    /// <exception cref="ArgumentException">Key or value has another size than the map's.</exception>
    public bool TryGet(ReadOnlySpan<byte> key, Span<byte> value)
    {
        Check(key, KeySize, "keys");
        Check(value, ValueSize, "values");
        if (!TryRead(key, Machine.Cpu, value)) return false;
        // check_and_init_map_value of include/linux/bpf.h: locks, timers and pointers are nobody's business.
        Fields?.Clear(value);
        return true;
    }

    /// <summary>Whether there is an element of a key; of a trie, whether a prefix fits.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="ArgumentException">The key has another size than the map's.</exception>
    public bool ContainsKey(ReadOnlySpan<byte> key) => TryGet(key, new byte[ValueSize]);

    /// <summary>Adds or replaces an element.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="value">Its value; for maps with a value a CPU, that of each.</param>
    /// <param name="flags">How to write.</param>
    /// <exception cref="ArgumentException">Key or value has another size than the map's.</exception>
    /// <exception cref="BpfException">The kernel would refuse: <see cref="Errno.E2BIG"/> when the map is full.</exception>
    public void Set(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, BpfElementFlags flags = BpfElementFlags.Any)
    {
        Errno errno = Write(key, value, flags);
        if (errno != Errno.None) throw Refused(errno);
    }

    /// <summary>Adds an element.</summary>
    /// <returns>False when there is one of that key; it stays as it is.</returns>
    /// <inheritdoc cref="Set"/>
    public bool TryAdd(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, BpfElementFlags flags = BpfElementFlags.Any) =>
        TryWrite(key, value, flags | BpfElementFlags.NoExist, Errno.EEXIST);

    /// <summary>Replaces an element.</summary>
    /// <returns>False when there is none of that key; nothing is added.</returns>
    /// <inheritdoc cref="Set"/>
    public bool TryReplace(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, BpfElementFlags flags = BpfElementFlags.Any) =>
        TryWrite(key, value, flags | BpfElementFlags.Exist, Errno.ENOENT);

    /// <summary>Removes an element.</summary>
    /// <returns>False when it was not there.</returns>
    /// <exception cref="ArgumentException">The key has another size than the map's.</exception>
    /// <exception cref="NotSupportedException">Maps of this type have elements that cannot be removed.</exception>
    public bool Remove(ReadOnlySpan<byte> key)
    {
        Check(key, KeySize, "keys");
        return Drop(key) switch
        {
            0 => true,
            Error.NoEntry => false,
            long error => throw new NotSupportedException($"Elements of map '{Name}' ({Type}) cannot be removed ({(Errno)(-error)})."),
        };
    }

    /// <summary>Removes all elements; those of an array, which cannot go, become zeroes.</summary>
    public virtual void Clear()
    {
        foreach (byte[] key in new List<byte[]>(Keys)) Drop(key);
    }

    /// <summary>The keys, in the order in which the machine walks them.</summary>
    public virtual IEnumerable<byte[]> Keys => [];

    /// <summary>Name and type.</summary>
    public override string ToString() => Name;

    /// <summary>The address of a value for a program; 0 when there is none.</summary>
    internal virtual ulong Lookup(ReadOnlySpan<byte> key, int cpu) => 0;

    /// <summary>Adds or changes an element for a program: of a value a CPU, that of the current one.</summary>
    internal virtual long Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ulong flags) => Error.NotSupported;

    /// <summary>Adds or changes an element for the test: of a value a CPU, all of them.</summary>
    internal virtual long PutAll(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ulong flags) => Put(key, value, flags);

    /// <summary>Removes an element.</summary>
    internal virtual long Drop(ReadOnlySpan<byte> key) => Error.NotSupported;

    /// <summary>Reads a value for the test.</summary>
    internal virtual bool TryRead(ReadOnlySpan<byte> key, int cpu, Span<byte> value) => false;

    /// <summary>Writes a value over the one that is there, and lets go of what that held.</summary>
    private protected void Overwrite(ElementStore store, int slot, ReadOnlySpan<byte> value)
    {
        if (Fields is null)
        {
            value.CopyTo(store[slot]);
            return;
        }

        Fields.CopyOthers(value, store[slot]);
        Release(store, slot);
    }

    /// <summary>Lets go of what a value holds.</summary>
    private protected void Release(ElementStore store, int slot)
    {
        if (Fields is not null) Machine.Objects.Release(Fields, store.AddressOf(slot));
    }

    /// <summary>Reads of the map's <c>struct bpf_map</c>, which programs may do (Linux 5.8).</summary>
    internal bool TryReadDescription(int offset, int size, out ulong value)
    {
        value = 0;
        if (!Machine.Types.Kernel.TryFind("bpf_map", Btf.BtfKind.Struct, out _)) return false;
        _description ??= Machine.Kernel.New("bpf_map", map =>
        {
            // Nobody looks into the operations; that there are some counts.
            map["ops"] = Handle;
            map["map_type"] = (uint)Type;
            map["key_size"] = (uint)KeySize;
            map["value_size"] = (uint)ValueSize;
            map["max_entries"] = MaxEntries;
            map["map_flags"] = (uint)Definition.Flags;
            map["name"] = Definition.KernelName;
        });
        if (offset < 0 || offset + size > _description.Bytes.Length) return false;
        value = BpfBits.Read(_description.Bytes, offset * 8, size * 8);
        return true;
    }

    private bool TryWrite(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, BpfElementFlags flags, Errno expected)
    {
        Errno errno = Write(key, value, flags);
        return errno == Errno.None || (errno == expected ? false : throw Refused(errno));
    }

    private Errno Write(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, BpfElementFlags flags)
    {
        Check(key, KeySize, "keys");
        Check(value, ValueSize, "values");
        return (Errno)(-PutAll(key, value, (ulong)flags));
    }

    private BpfException Refused(Errno errno) => new(
        BpfCommand.MapUpdateElement, errno, $"map '{Name}'", $"In the machine it is a map of type {Type} with room for {MaxEntries} entries.");

    private void Check(ReadOnlySpan<byte> bytes, int size, string what)
    {
        if (bytes.Length != size) throw new ArgumentException($"The {what} of map '{Name}' have {size} bytes, and {bytes.Length} were given.");
    }
}
