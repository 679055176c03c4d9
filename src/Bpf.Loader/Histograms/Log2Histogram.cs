using System;
using System.Collections.Generic;
using System.Numerics;
using System.Runtime.Versioning;
using Bpf.Loader.Maps;

namespace Bpf.Loader;

/// <summary>
/// A histogram whose slots double, as programs keep them: slot <c>n</c> counts the values from 2ⁿ up to 2ⁿ⁺¹ - 1, slot 0 also the
/// zeros, and the last one also all that are greater.
/// </summary>
/// <remarks>It is a copy in memory: what programs count later is not in it. Not for several threads at once.</remarks>
public sealed partial class Log2Histogram
{
    /// <summary>How many slots there are for every value of 64 bits.</summary>
    public const int MaxSlots = 64;

    private readonly ulong[] _slots;

    /// <summary>An empty histogram.</summary>
    /// <param name="slotCount">How many slots it has, from 1 to 64.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are none, or more than 64.</exception>
    public Log2Histogram(int slotCount = MaxSlots)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(slotCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(slotCount, MaxSlots);
        _slots = new ulong[slotCount];
    }

    /// <summary>A histogram of what a program counted, such as an array in the value of a map.</summary>
    /// <param name="slots">What each slot counted.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no slots, or more than 64.</exception>
    public Log2Histogram(ReadOnlySpan<ulong> slots)
        : this(slots.Length) => slots.CopyTo(_slots);

    /// <inheritdoc cref="Log2Histogram(ReadOnlySpan{ulong})"/>
    public Log2Histogram(ReadOnlySpan<uint> slots)
        : this(slots.Length)
    {
        for (int slot = 0; slot < slots.Length; slot++) _slots[slot] = slots[slot];
    }

    /// <summary>How many slots there are.</summary>
    public int SlotCount => _slots.Length;

    /// <summary>How many values were counted.</summary>
    public ulong Count
    {
        get
        {
            ulong sum = 0;
            foreach (ulong count in _slots) sum += count;
            return sum;
        }
    }

    /// <summary>The slots with their bounds, the empty ones too.</summary>
    public IReadOnlyList<Log2Bucket> Buckets
    {
        get
        {
            var buckets = new Log2Bucket[_slots.Length];
            for (int slot = 0; slot < buckets.Length; slot++) buckets[slot] = new Log2Bucket(LowestOf(slot), IsOpen(slot) ? null : HighestOf(slot), _slots[slot]);
            return buckets;
        }
    }

    /// <summary>What a slot counted.</summary>
    /// <param name="slot">Its number.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such slot.</exception>
    public ulong this[int slot]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)slot, (uint)_slots.Length, nameof(slot));
            return _slots[slot];
        }
    }

    /// <summary>Reads the histogram that a program keeps in an array, a slot an entry.</summary>
    /// <param name="map">The array.</param>
    /// <exception cref="ArgumentOutOfRangeException">The array has more than 64 entries.</exception>
    /// <exception cref="BpfException">The kernel refused.</exception>
    [SupportedOSPlatform("linux")]
    public static Log2Histogram Read<T>(BpfMap<uint, T> map)
        where T : unmanaged, IBinaryInteger<T>
    {
        ArgumentNullException.ThrowIfNull(map);
        return Of(map.Map, map);
    }

    /// <summary>Reads the histogram that a program keeps in an array for each CPU, summed over them.</summary>
    /// <inheritdoc cref="Read{T}(BpfMap{uint, T})"/>
    [SupportedOSPlatform("linux")]
    public static Log2Histogram Read<T>(BpfPerCpuMap<uint, T> map)
        where T : unmanaged, IBinaryInteger<T>
    {
        ArgumentNullException.ThrowIfNull(map);
        return Of(map.Map, map.Sums());
    }

    /// <summary>The slot that counts a value, in a histogram of 64.</summary>
    /// <param name="value">The value.</param>
    public static int SlotOf(ulong value) => BitOperations.Log2(value);

    /// <summary>Counts a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="times">How often.</param>
    public void Add(ulong value, ulong times = 1) => _slots[Math.Min(SlotOf(value), _slots.Length - 1)] += times;

    /// <summary>Adds what another histogram counted, as of another device or CPU.</summary>
    /// <param name="other">The other.</param>
    /// <exception cref="ArgumentException">It has another number of slots.</exception>
    public void Add(Log2Histogram other)
    {
        Check(other);
        for (int slot = 0; slot < _slots.Length; slot++) _slots[slot] += other._slots[slot];
    }

    /// <summary>What was counted since an earlier reading. A slot that has less than before was cleared meanwhile: all of it is new.</summary>
    /// <param name="earlier">The earlier reading.</param>
    /// <exception cref="ArgumentException">It has another number of slots.</exception>
    public Log2Histogram Since(Log2Histogram earlier)
    {
        Check(earlier);
        var difference = new Log2Histogram(_slots);
        for (int slot = 0; slot < _slots.Length; slot++)
        {
            if (_slots[slot] >= earlier._slots[slot]) difference._slots[slot] -= earlier._slots[slot];
        }

        return difference;
    }

    /// <summary>
    /// Estimates a percentile: the value that so many per cent of the counted values do not exceed, as if those of a slot lay evenly
    /// between its bounds. It is right but for a factor of 2; of an open last slot it is the lower bound.
    /// </summary>
    /// <param name="percent">From 0 to 100, such as 99.9.</param>
    /// <returns>The estimate; NaN when nothing was counted.</returns>
    /// <exception cref="ArgumentOutOfRangeException">It is no such number.</exception>
    public double EstimatePercentile(double percent)
    {
        if (!(percent is >= 0 and <= 100)) throw new ArgumentOutOfRangeException(nameof(percent), percent, "A percentile is between 0 and 100.");
        double wanted = percent / 100 * Count, below = 0;
        int last = -1;
        for (int slot = 0; slot < _slots.Length; slot++)
        {
            if (_slots[slot] == 0) continue;
            last = slot;
            if (below + _slots[slot] >= wanted) return Within(slot, (wanted - below) / _slots[slot]);
            below += _slots[slot];
        }

        return last < 0 ? double.NaN : Within(last, 1);
    }

    /// <summary>Estimates the mean, as if the values of a slot lay evenly between its bounds; of an open last slot at the lower one.</summary>
    /// <returns>The estimate; NaN when nothing was counted.</returns>
    public double EstimateMean()
    {
        double sum = 0;
        for (int slot = 0; slot < _slots.Length; slot++) sum += _slots[slot] * Within(slot, 0.5);
        return sum / Count;
    }

    [SupportedOSPlatform("linux")]
    private static Log2Histogram Of<T>(BpfMap map, IEnumerable<KeyValuePair<uint, T>> counts)
        where T : IBinaryInteger<T>
    {
        if (map.MaxEntries > MaxSlots)
            throw new ArgumentOutOfRangeException(nameof(map), map.MaxEntries, $"{MapRefusal.Describe(map)} has {map.MaxEntries} entries, and a histogram at most {MaxSlots} slots.");
        var histogram = new Log2Histogram((int)map.MaxEntries);
        foreach ((uint slot, T count) in counts)
        {
            if (slot < map.MaxEntries) histogram._slots[slot] = ulong.CreateTruncating(count);
        }

        return histogram;
    }

    private static ulong LowestOf(int slot) => slot == 0 ? 0 : 1ul << slot;

    private static ulong HighestOf(int slot) => ulong.MaxValue >> (MaxSlots - 1 - slot);

    // What is in the last slot has no upper bound, unless there is no greater number.
    private bool IsOpen(int slot) => slot == _slots.Length - 1 && slot < MaxSlots - 1;

    private double Within(int slot, double part) => IsOpen(slot) ? LowestOf(slot) : LowestOf(slot) + (part * ((double)HighestOf(slot) - LowestOf(slot)));

    private void Check(Log2Histogram other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.SlotCount != SlotCount) throw new ArgumentException($"One histogram has {SlotCount} slots, the other {other.SlotCount}.", nameof(other));
    }
}
