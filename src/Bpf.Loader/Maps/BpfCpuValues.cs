using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Bpf.Loader.Maps;

/// <summary>The values that one key has, one for each possible CPU, where the kernel put them; valid until the enumerator goes on.</summary>
/// <typeparam name="TValue">The type of the value of one CPU.</typeparam>
public readonly ref struct BpfCpuValues<TValue>
    where TValue : unmanaged
{
    private readonly ReadOnlySpan<byte> _values;

    internal BpfCpuValues(ReadOnlySpan<byte> values, int count)
    {
        _values = values;
        Length = count;
    }

    /// <summary>How many values there are: one for each possible CPU, which may be more than are online.</summary>
    public int Length { get; }

    /// <summary>The value of a CPU.</summary>
    /// <param name="cpu">Its number.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such CPU.</exception>
    public TValue this[int cpu]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)cpu, (uint)Length, nameof(cpu));
            return MemoryMarshal.Read<TValue>(_values[(cpu * ((Unsafe.SizeOf<TValue>() + 7) & ~7))..]);
        }
    }

    /// <summary>Copies the values of all CPUs.</summary>
    /// <param name="values">Where they go: <see cref="Length"/> of them.</param>
    /// <exception cref="ArgumentException">The span is too short.</exception>
    public void CopyTo(Span<TValue> values)
    {
        if (values.Length < Length)
            throw new ArgumentException($"There are {Length} values and room for {values.Length}.", nameof(values));
        PerCpuValues.Read(_values, values[..Length]);
    }

    /// <summary>The values of all CPUs in an array of their own.</summary>
    public TValue[] ToArray()
    {
        var values = new TValue[Length];
        CopyTo(values);
        return values;
    }

    /// <summary>The sum of a number of each value, such as a field of a struct. It wraps as in C.</summary>
    /// <typeparam name="TSum">The type of the number.</typeparam>
    /// <param name="selector">Gives the number of a value.</param>
    public TSum Sum<TSum>(Func<TValue, TSum> selector)
        where TSum : INumberBase<TSum>
    {
        ArgumentNullException.ThrowIfNull(selector);
        TSum sum = TSum.Zero;
        for (int cpu = 0; cpu < Length; cpu++)
            sum = unchecked(sum + selector(this[cpu]));
        return sum;
    }

    /// <summary>What becomes of all values, one after another: a struct that is the sum of all, the largest, the latest.</summary>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <param name="seed">What it begins with.</param>
    /// <param name="add">Adds a value to what there is so far.</param>
    public TResult Aggregate<TResult>(TResult seed, Func<TResult, TValue, TResult> add)
    {
        ArgumentNullException.ThrowIfNull(add);
        for (int cpu = 0; cpu < Length; cpu++)
            seed = add(seed, this[cpu]);
        return seed;
    }

    /// <summary>Goes over the values, in the order of the CPUs.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>Goes over the values, in the order of the CPUs.</summary>
    public ref struct Enumerator
    {
        private readonly BpfCpuValues<TValue> _values;
        private int _cpu;

        internal Enumerator(BpfCpuValues<TValue> values)
        {
            _values = values;
            _cpu = -1;
        }

        /// <summary>The value.</summary>
        public readonly TValue Current => _values[_cpu];

        /// <summary>Goes to the next value.</summary>
        public bool MoveNext() => ++_cpu < _values.Length;
    }
}
