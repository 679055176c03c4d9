using System;

namespace Bpf.Loader.Maps;

/// <summary>An entry of a map as bytes, until the enumerator goes on.</summary>
public readonly ref struct BpfMapEntry
{
    internal BpfMapEntry(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        Key = key;
        Value = value;
    }

    /// <summary>The key: <see cref="BpfMap.KeySize"/> bytes.</summary>
    public ReadOnlySpan<byte> Key { get; }

    /// <summary>The value: <see cref="BpfMap.ValueBufferSize"/> bytes, of a map with one value a CPU those of all of them.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>Takes the entry apart, as <c>foreach (var (key, value) in map.EnumerateEntries())</c> does.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    public void Deconstruct(out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        key = Key;
        value = Value;
    }
}
