using System;
using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel;

namespace Bpf.Loader.Maps;

/// <summary>A typed view of a map that has a value for each possible CPU: per-CPU hash tables and arrays.</summary>
/// <typeparam name="TKey">The C type of the keys, in C#.</typeparam>
/// <typeparam name="TValue">The C type of the value of one CPU, in C#.</typeparam>
/// <remarks>
/// A value is a span with one element for each possible CPU, in the order of their numbers; <see cref="CpuCount"/> says how many,
/// which may be more than are online. No operation allocates. Safe to use from several threads.
/// </remarks>
[SupportedOSPlatform("linux")]
public sealed partial class BpfPerCpuMap<TKey, TValue>
    where TKey : unmanaged
    where TValue : unmanaged
{
    private const int StackBytes = 1024;

    private readonly FileDescriptorHandle _handle;
    private readonly int _stride;

    internal BpfPerCpuMap(BpfMap map)
    {
        ViewCheck.KeySize<TKey>(map);
        if (!map.Type.HasPerCpuValues())
            throw new InvalidOperationException($"{MapRefusal.Describe(map)} is of type {map.Type}, which has one value for all CPUs.");
        ViewCheck.ValueSize<TValue>(map, map.ValueSize);
        Map = map;
        _handle = map.Handle;
        _stride = (map.ValueSize + 7) & ~7;
        CpuCount = map.ValueBufferSize / _stride;
    }

    /// <summary>The map.</summary>
    public BpfMap Map { get; }

    /// <summary>How many CPUs are possible, so how many values there are for a key.</summary>
    public int CpuCount { get; }

    /// <summary>How many entries there are; of an array, all that it has room for.</summary>
    /// <remarks>
    /// The kernel keeps no count that it tells: each reading walks over the others, by batches where the kernel has them, and counts what it
    /// meets while programs go on adding and removing.
    /// </remarks>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public int Count => WholeMap.Count(Map);

    // The kernel rounds each CPU's value up to 8 bytes.
    private bool IsDense => _stride == Unsafe.SizeOf<TValue>();

    /// <summary>Reads the values of all CPUs.</summary>
    /// <param name="key">The key.</param>
    /// <param name="values">Where they go, in the order of the CPUs: <see cref="CpuCount"/> of them.</param>
    /// <returns><see langword="false"/> when there is no such key.</returns>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool TryGet(in TKey key, Span<TValue> values) => Get(BpfCommand.MapLookupElement, in key, values);

    /// <summary>Reads the values of all CPUs and removes the entry in one step (hash tables, Linux 5.14).</summary>
    /// <inheritdoc cref="TryGet(in TKey, Span{TValue})"/>
    public bool TryTake(in TKey key, Span<TValue> values) => Get(BpfCommand.MapLookupAndDeleteElement, in key, values);

    /// <summary>Adds or replaces the values of all CPUs.</summary>
    /// <param name="key">The key.</param>
    /// <param name="values">The values, in the order of the CPUs: <see cref="CpuCount"/> of them.</param>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    /// <exception cref="BpfException">The kernel refused: <see cref="Errno.E2BIG"/> when the map is full.</exception>
    public void Set(in TKey key, ReadOnlySpan<TValue> values)
    {
        Errno errno = Update(in key, values, BpfElementFlags.Any);
        if (errno != Errno.None)
            MapRefusal.Throw(Map, BpfCommand.MapUpdateElement, errno);
    }

    /// <summary>Adds an entry with the values of all CPUs.</summary>
    /// <returns><see langword="false"/> when the key exists; it stays as it is.</returns>
    /// <inheritdoc cref="Set(in TKey, ReadOnlySpan{TValue})"/>
    public bool TryAdd(in TKey key, ReadOnlySpan<TValue> values) => TryUpdate(in key, values, BpfElementFlags.NoExist);

    /// <summary>Replaces the values of all CPUs.</summary>
    /// <returns><see langword="false"/> when there is no such key; nothing is added.</returns>
    /// <inheritdoc cref="Set(in TKey, ReadOnlySpan{TValue})"/>
    public bool TryReplace(in TKey key, ReadOnlySpan<TValue> values) => TryUpdate(in key, values, BpfElementFlags.Exist);

    /// <summary>Whether there is a key; its values are read for it.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool ContainsKey(in TKey key) => Map.ContainsKey(MemoryMarshal.AsBytes(new ReadOnlySpan<TKey>(in key)));

    /// <summary>Reads the value of one CPU (<c>BPF_F_CPU</c>, newer than Linux 6.18; see <see cref="BpfFeatures.SupportsSingleCpuElements"/>).</summary>
    /// <param name="key">The key.</param>
    /// <param name="cpu">The CPU's number.</param>
    /// <param name="value">The value, or zeroes.</param>
    /// <returns><see langword="false"/> when there is no such key.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such CPU.</exception>
    /// <exception cref="BpfNotSupportedException">The kernel is too old.</exception>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool TryGet(in TKey key, int cpu, out TValue value)
    {
        CheckCpu(cpu);
        if (KernelFeatures.Current.Lacks(KernelFeature.SingleCpuElements))
            throw SingleCpuNotSupported(BpfCommand.MapLookupElement);
        value = default;
        return Map.FoundOrThrow(
            BpfCommand.MapLookupElement,
            BpfSyscall.MapLookup(_handle, in Bytes(in key), ref Bytes(in value), (ulong)BpfElementFlags.Any.ForCpu(cpu)));
    }

    /// <summary>Sets the value of one CPU, and leaves those of the others (<c>BPF_F_CPU</c>, newer than Linux 6.18).</summary>
    /// <param name="key">The key; in a hash table, one that is new has zeroes for the other CPUs.</param>
    /// <param name="cpu">The CPU's number.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such CPU.</exception>
    /// <exception cref="BpfNotSupportedException">The kernel is too old.</exception>
    /// <exception cref="BpfException">The kernel refused: <see cref="Errno.E2BIG"/> when the map is full.</exception>
    public void Set(in TKey key, int cpu, in TValue value)
    {
        CheckCpu(cpu);
        SetOne(in key, in value, BpfElementFlags.Any.ForCpu(cpu));
    }

    /// <summary>Sets the same value for all CPUs (<c>BPF_F_ALL_CPUS</c>, newer than Linux 6.18).</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="BpfNotSupportedException">The kernel is too old.</exception>
    /// <exception cref="BpfException">The kernel refused: <see cref="Errno.E2BIG"/> when the map is full.</exception>
    public void SetAll(in TKey key, in TValue value) => SetOne(in key, in value, BpfElementFlags.AllCpus);

    /// <summary>Removes an entry.</summary>
    /// <returns><see langword="false"/> when there was no such key.</returns>
    /// <exception cref="BpfException">The kernel refused; an array's entries cannot be removed.</exception>
    public bool Remove(in TKey key) => Map.FoundOrThrow(BpfCommand.MapDeleteElement, BpfSyscall.MapDelete(_handle, in Bytes(in key)));

    /// <summary>Removes all entries; those of an array, which cannot go, become zeroes.</summary>
    /// <remarks>
    /// A hash table gives up to 512 entries in one system call (Linux 5.6); other maps need two system calls for each entry, arrays one for some thousand values. It is not one step: what programs add meanwhile may stay or go.
    /// </remarks>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public void Clear() => WholeMap.Clear(Map);

    /// <summary>The map as one that has for each key a sum over all CPUs, of a number of the values, such as a field of a struct.</summary>
    /// <typeparam name="TSum">The type of the sums. They wrap as in C.</typeparam>
    /// <param name="selector">Gives the number of a value.</param>
    public BpfPerCpuSums<TKey, TValue, TSum> Sums<TSum>(Func<TValue, TSum> selector)
        where TSum : INumberBase<TSum>
    {
        ArgumentNullException.ThrowIfNull(selector);
        return new BpfPerCpuSums<TKey, TValue, TSum>(this, selector);
    }

    /// <summary>Walks over the entries; see <see cref="BpfPerCpuEnumerator{TKey, TValue}"/>.</summary>
    public BpfPerCpuEnumerator<TKey, TValue> GetEnumerator() => new(Map, CpuCount);

    private void SetOne(in TKey key, in TValue value, BpfElementFlags flags)
    {
        if (KernelFeatures.Current.Lacks(KernelFeature.SingleCpuElements))
            throw SingleCpuNotSupported(BpfCommand.MapUpdateElement);
        Errno errno = BpfSyscall.MapUpdate(_handle, in Bytes(in key), in Bytes(in value), (ulong)flags);
        if (errno != Errno.None)
            MapRefusal.Throw(Map, BpfCommand.MapUpdateElement, errno);
    }

    private BpfNotSupportedException SingleCpuNotSupported(BpfCommand command) =>
        new("BPF_F_CPU", "6.19", command, Errno.EINVAL, MapRefusal.Describe(Map), "Read or write the values of all CPUs.");

    private void CheckCpu(int cpu) => ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)cpu, (uint)CpuCount, nameof(cpu));

    private static ref byte Bytes<T>(ref readonly T value)
        where T : unmanaged => ref Unsafe.As<T, byte>(ref Unsafe.AsRef(in value));

    private bool Get(BpfCommand command, in TKey key, Span<TValue> values)
    {
        CheckLength(values.Length);
        return IsDense
            ? Map.FoundOrThrow(command, Read(command, in key, ref Bytes(in MemoryMarshal.GetReference(values))))
            : GetSparse(command, in key, values);
    }

    private bool GetSparse(BpfCommand command, in TKey key, Span<TValue> values)
    {
        byte[]? rented = Map.ValueBufferSize > StackBytes ? ArrayPool<byte>.Shared.Rent(Map.ValueBufferSize) : null;
        Span<byte> buffer = rented is null ? stackalloc byte[StackBytes] : rented;
        bool found = Map.FoundOrThrow(command, Read(command, in key, ref MemoryMarshal.GetReference(buffer)));
        if (found)
            PerCpuValues.Read(buffer, values);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
        return found;
    }

    private Errno Read(BpfCommand command, in TKey key, ref byte value) => command == BpfCommand.MapLookupElement
        ? BpfSyscall.MapLookup(_handle, in Bytes(in key), ref value, 0)
        : BpfSyscall.MapLookupAndDelete(_handle, in Bytes(in key), ref value, 0);

    private bool TryUpdate(in TKey key, ReadOnlySpan<TValue> values, BpfElementFlags flags)
    {
        Errno errno = Update(in key, values, flags);
        if (errno != Errno.None && !BpfMap.IsExpected(errno, flags))
            MapRefusal.Throw(Map, BpfCommand.MapUpdateElement, errno);
        return errno == Errno.None;
    }

    private Errno Update(in TKey key, ReadOnlySpan<TValue> values, BpfElementFlags flags)
    {
        CheckLength(values.Length);
        return IsDense
            ? BpfSyscall.MapUpdate(_handle, in Bytes(in key), in Bytes(in MemoryMarshal.GetReference(values)), (ulong)flags)
            : UpdateSparse(in key, values, flags);
    }

    private Errno UpdateSparse(in TKey key, ReadOnlySpan<TValue> values, BpfElementFlags flags)
    {
        byte[]? rented = Map.ValueBufferSize > StackBytes ? ArrayPool<byte>.Shared.Rent(Map.ValueBufferSize) : null;
        Span<byte> buffer = rented is null ? stackalloc byte[StackBytes] : rented;
        PerCpuValues.Write(values, buffer);
        Errno errno = BpfSyscall.MapUpdate(_handle, in Bytes(in key), in MemoryMarshal.GetReference(buffer), (ulong)flags);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
        return errno;
    }

    private void CheckLength(int length)
    {
        if (length != CpuCount)
            throw new ArgumentException($"{MapRefusal.Describe(Map)} has {CpuCount} values for a key, one for each possible CPU, not {length}.");
    }
}
