using System;
using System.Buffers.Text;
using System.Collections.Generic;
using System.Threading;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Records;

/// <summary>Types of C that a class brings along for its structs: a few of those of an object, as BTF. Generated code makes and uses it.</summary>
public sealed class BpfRecordTypes
{
    private readonly BtfReader _btf;
    private readonly BpfRecordType?[] _types;

    private BpfRecordTypes(BtfReader btf)
    {
        _btf = btf;
        _types = new BpfRecordType?[btf.TypeCount];
    }

    /// <summary>A type by its number.</summary>
    /// <param name="id">The number, as <see cref="Write"/> gave it.</param>
    /// <exception cref="BpfFormatException">There is none.</exception>
    public BpfRecordType this[int id]
    {
        get
        {
            BtfType type = _btf[new BtfTypeId(id)];
            // Two threads may make the same; the first is kept.
            return _types[id] ?? Interlocked.CompareExchange(ref _types[id], new BpfRecordType(_btf, type.Id), null) ?? _types[id]!;
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="base64">The types, in Base64; line ends in it do not matter.</param>
    /// <exception cref="BpfFormatException">They are malformed.</exception>
    public static BpfRecordTypes Read(ReadOnlySpan<byte> base64)
    {
        byte[] types = new byte[Base64.GetMaxDecodedFromUtf8Length(base64.Length)];
        Base64.DecodeFromUtf8(base64, types, out _, out int length);
        BtfReader btf = BtfReader.Read(types.AsMemory(0, length));
        // They are written little-endian everywhere; structs are in the byte order of the machine.
        return new BpfRecordTypes(btf.IsBigEndian == BitConverter.IsLittleEndian ? new BtfBuilder(btf).ToReader() : btf);
    }

    /// <summary>Takes types out of an object's, with what they are made of; what pointers lead to is left.</summary>
    /// <param name="source">The object's types.</param>
    /// <param name="types">Those to take.</param>
    /// <param name="ids">Gets the number that each of them has in what is written.</param>
    /// <returns>BTF, the same for the same types on all machines.</returns>
    /// <exception cref="BpfFormatException">The types are malformed.</exception>
    public static byte[] Write(BtfReader source, ReadOnlySpan<BtfTypeId> types, Span<int> ids)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNotEqual(ids.Length, types.Length);
        var subset = new BtfSubset(source);
        HashSet<BtfTypeId> taken = Take(source, types, subset);
        for (int i = 1; i < source.TypeCount; i++)
        {
            BtfType tag = source[new BtfTypeId(i)];
            if (tag.Kind == BtfKind.DeclarationTag && taken.Contains(tag.TypeId) && BtfNetworkTags.OfTag(tag) != BtfNetworkType.None) subset.Add(tag.Id, throughPointers: false);
        }

        BtfReader written = subset.ToReader(out Dictionary<int, int> moved);
        for (int i = 0; i < types.Length; i++) ids[i] = moved[types[i].Value];
        return new BtfBuilder(written).ToArray(isBigEndian: false);
    }

    private static HashSet<BtfTypeId> Take(BtfReader source, ReadOnlySpan<BtfTypeId> types, BtfSubset subset)
    {
        var taken = new HashSet<BtfTypeId>();
        var open = new Stack<BtfTypeId>(types.ToArray());
        while (open.TryPop(out BtfTypeId id))
        {
            if (id.IsVoid || !taken.Add(id)) continue;
            BtfType type = source[id];
            subset.Add(id, throughPointers: false);
            if (type.IsComposite)
            {
                for (int i = 0; i < type.Members.Count; i++)
                {
                    subset.AddMember(id, i);
                    open.Push(type.Members[i].TypeId);
                }
            }
            else if (type.Kind == BtfKind.Array)
            {
                open.Push(type.Array.ElementTypeId);
                open.Push(type.Array.IndexTypeId);
            }
            else if (type.IsModifier || type.Kind == BtfKind.Typedef)
            {
                open.Push(type.TypeId);
            }
        }

        return taken;
    }
}
