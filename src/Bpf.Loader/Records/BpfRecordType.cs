using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Records;

/// <summary>A type of C, which shows the bytes of a struct of C# that has its layout.</summary>
public sealed class BpfRecordType
{
    // All of it: a struct ends, and what is written is to be read again.
    private static readonly BtfValueFormatOptions Whole = new() { MaximumElements = int.MaxValue, MaximumPieces = int.MaxValue };

    private readonly BtfReader _btf;
    private readonly BtfTypeId _id;
    private readonly int _size;
    private readonly BtfValueFormatter _formatter;
    private readonly Lazy<(BtfLeaf Leaf, bool IsSingle)[]> _leaves;
    private readonly Lazy<string[]> _names;

    internal BpfRecordType(BtfReader btf, BtfTypeId id)
    {
        _btf = btf;
        _id = id;
        _size = (int)btf.SizeOf(id);
        _formatter = new BtfValueFormatter(btf, Whole);
        _leaves = new Lazy<(BtfLeaf, bool)[]>(() => [.. BtfLeaves.Of(btf, id).Select(leaf => (leaf, IsSingle(leaf)))]);
        _names = new Lazy<string[]>(() => [.. _leaves.Value.Select(leaf => leaf.Leaf.Path)]);
    }

    /// <summary>The name of the type in C; empty when it has none.</summary>
    public string Name => _btf[_id].Name;

    /// <summary>The names of the values in it; one in an inner struct has that struct's name before its own, as in <c>address.port</c>.</summary>
    public IReadOnlyList<string> Names => _names.Value;

    /// <summary>Writes a struct as JSON.</summary>
    /// <typeparam name="T">The struct.</typeparam>
    /// <param name="writer">Where to.</param>
    /// <param name="record">The struct.</param>
    /// <exception cref="ArgumentException">It is of another size than the type.</exception>
    public void WriteJson<T>(Utf8JsonWriter writer, ref readonly T record)
        where T : unmanaged => _formatter.WriteJson(writer, _id, Bytes(in record));

    /// <summary>Reads a struct from JSON; what is not mentioned is zero.</summary>
    /// <typeparam name="T">The struct.</typeparam>
    /// <param name="reader">At the first token of the value; afterwards at its last. All of the value must be in it.</param>
    /// <param name="refusesUnknown">Whether a name that no member has is refused; otherwise it is passed over.</param>
    /// <exception cref="JsonException">It is no value of the type.</exception>
    /// <exception cref="ArgumentException">The struct is of another size than the type.</exception>
    public T ReadJson<T>(ref Utf8JsonReader reader, bool refusesUnknown = false)
        where T : unmanaged
    {
        T record = default;
        _ = Bytes(in record);
        new BtfJsonReader(_btf, refusesUnknown).Value(ref reader, _id, MemoryMarshal.AsBytes(new Span<T>(ref record)));
        return record;
    }

    /// <summary>A struct as text, as <c>bpf run</c> prints it: <c>{pid=12, comm="bash"}</c>.</summary>
    /// <typeparam name="T">The struct.</typeparam>
    /// <param name="record">The struct.</param>
    /// <exception cref="ArgumentException">It is of another size than the type.</exception>
    public string Format<T>(ref readonly T record)
        where T : unmanaged => _formatter.Format(_id, Bytes(in record));

    /// <summary>One value of a struct, with its name.</summary>
    /// <typeparam name="T">The struct.</typeparam>
    /// <param name="record">The struct.</param>
    /// <param name="index">Which of <see cref="Names"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is none of this number.</exception>
    /// <exception cref="ArgumentException">The struct is of another size than the type.</exception>
    public KeyValuePair<string, object?> GetValue<T>(ref readonly T record, int index)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _leaves.Value.Length);
        (BtfLeaf leaf, bool isSingle) = _leaves.Value[index];
        ReadOnlySpan<byte> bytes = Bytes(in record);
        if (!isSingle) return new(leaf.Path, Json(leaf, bytes));
        var sink = new BtfObjectSink();
        new BtfValueWalker<BtfObjectSink>(_btf, sink, Whole).Leaf(leaf, bytes);
        return new(leaf.Path, sink.Result);
    }

    private string Json(in BtfLeaf leaf, ReadOnlySpan<byte> bytes)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(text)) new BtfValueWalker<BtfJsonSink>(_btf, new BtfJsonSink(writer), Whole).Leaf(leaf, bytes);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    // Arrays of structs, and of arrays, are more than one value; of texts and addresses they are not.
    private bool IsSingle(BtfLeaf leaf)
    {
        BtfType type = _btf.StripModifiers(leaf.TypeId);
        BtfNetworkType network = leaf.Network != BtfNetworkType.None ? leaf.Network : _btf.GetNetworkType(leaf.TypeId);
        if (network != BtfNetworkType.None && _btf.TryGetSize(type.Id, out uint size) && BtfNetworkTags.Fits(network, size)) return true;
        if (type.Kind != BtfKind.Array) return !type.IsComposite;
        BtfTypeId id = type.Array.ElementTypeId;
        BtfType element = _btf.StripModifiers(id);
        if (network == BtfNetworkType.None) network = _btf.GetNetworkType(id);
        if (network != BtfNetworkType.None && _btf.TryGetSize(id, out size) && BtfNetworkTags.Fits(network, size)) return true;
        if (element.Kind == BtfKind.Array) return BtfValueWalker<BtfJsonSink>.IsCharacter(_btf.StripModifiers(element.Array.ElementTypeId));
        return !element.IsComposite;
    }

    private ReadOnlySpan<byte> Bytes<T>(ref readonly T record)
        where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() != _size) throw new ArgumentException($"{typeof(T)} has {Unsafe.SizeOf<T>()} bytes, and {_btf[_id]} {_size}.", nameof(record));
        return MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in record));
    }
}
