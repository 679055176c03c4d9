using System;
using System.Buffers;
using System.Collections;
using System.Collections.Generic;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;

namespace Bpf.Loader.Maps;

/// <summary>A map that has a value for each CPU, as one that has for each key the sum over all of them.</summary>
/// <typeparam name="TKey">The C type of the keys, in C#.</typeparam>
/// <typeparam name="TValue">The C type of the value of one CPU, in C#.</typeparam>
/// <typeparam name="TSum">The type of the sums. They wrap as in C.</typeparam>
[SupportedOSPlatform("linux")]
public sealed class BpfPerCpuSums<TKey, TValue, TSum> : IEnumerable<KeyValuePair<TKey, TSum>>
    where TKey : unmanaged
    where TValue : unmanaged
    where TSum : INumberBase<TSum>
{
    private const int StackBytes = 1024;

    private readonly BpfPerCpuMap<TKey, TValue> _map;
    private readonly Func<TValue, TSum> _selector;

    internal BpfPerCpuSums(BpfPerCpuMap<TKey, TValue> map, Func<TValue, TSum> selector) => (_map, _selector) = (map, selector);

    /// <summary>Reads a sum that has to be there.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="KeyNotFoundException">There is no such key.</exception>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public TSum this[in TKey key] =>
        TryGet(in key, out TSum sum) ? sum : throw new KeyNotFoundException($"{MapRefusal.Describe(_map.Map)} has no key {key}.");

    /// <summary>Reads a sum. Allocates nothing up to 1024 bytes of values.</summary>
    /// <param name="key">The key.</param>
    /// <param name="sum">The sum, or 0.</param>
    /// <returns><see langword="false"/> when there is no such key.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool TryGet(in TKey key, out TSum sum)
    {
        int count = _map.CpuCount;
        TValue[]? rented = count * Unsafe.SizeOf<TValue>() > StackBytes ? ArrayPool<TValue>.Shared.Rent(count) : null;
        Span<TValue> values = rented is null ? stackalloc TValue[count] : rented.AsSpan(0, count);
        sum = TSum.Zero;
        bool found = _map.TryGet(in key, values);
        for (int cpu = 0; found && cpu < count; cpu++)
            sum = unchecked(sum + _selector(values[cpu]));
        if (rented is not null)
            ArrayPool<TValue>.Shared.Return(rented);
        return found;
    }

    /// <summary>Walks over the keys and their sums; see <see cref="BpfPerCpuEnumerator{TKey, TValue}"/>.</summary>
    public Enumerator GetEnumerator() => new(_map.GetEnumerator(), _selector);

    /// <inheritdoc/>
    IEnumerator<KeyValuePair<TKey, TSum>> IEnumerable<KeyValuePair<TKey, TSum>>.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Walks over the keys and their sums. A mutable structure: use it in one <see langword="foreach"/>.</summary>
    public struct Enumerator : IEnumerator<KeyValuePair<TKey, TSum>>
    {
        private readonly Func<TValue, TSum> _selector;
        private BpfPerCpuEnumerator<TKey, TValue> _entries;

        internal Enumerator(BpfPerCpuEnumerator<TKey, TValue> entries, Func<TValue, TSum> selector) => (_entries, _selector) = (entries, selector);

        /// <inheritdoc cref="BpfMapEnumerator{TKey, TValue}.Restarts"/>
        public readonly int Restarts => _entries.Restarts;

        /// <summary>The key and its sum.</summary>
        public readonly KeyValuePair<TKey, TSum> Current
        {
            get
            {
                BpfPerCpuEntry<TKey, TValue> entry = _entries.Current;
                return new KeyValuePair<TKey, TSum>(entry.Key, entry.Values.Sum(_selector));
            }
        }

        readonly object IEnumerator.Current => Current;

        /// <inheritdoc cref="BpfMapEnumerator{TKey, TValue}.MoveNext"/>
        public bool MoveNext() => _entries.MoveNext();

        /// <summary>Not supported.</summary>
        /// <exception cref="NotSupportedException">Always.</exception>
        public readonly void Reset() => throw new NotSupportedException();

        /// <summary>Returns the buffer.</summary>
        public void Dispose() => _entries.Dispose();
    }
}
