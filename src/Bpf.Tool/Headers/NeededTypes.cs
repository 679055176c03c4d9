using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Bpf.Loader.Btf;

namespace Bpf.Tool.Headers;

/// <summary>
/// The types of a kernel that sources use: those that they name, and those that they reach through members whose names they name.
/// It may be some more, and not fewer: whoever goes from one struct to another writes the name of the member between them.
/// </summary>
internal sealed class NeededTypes
{
    private readonly BtfReader _btf;
    private readonly HashSet<byte[]> _words;
    private readonly HashSet<byte[]>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private readonly SortedSet<int> _types = [];
    private readonly Stack<BtfType> _open = new();

    private NeededTypes(BtfReader btf, IEnumerable<string> words)
    {
        _btf = btf;
        _words = new HashSet<byte[]>(words.Select(Encoding.UTF8.GetBytes), Utf8Comparer.Instance);
        _lookup = _words.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>Functions of the kernel that BPF programs may call, and that the sources name.</summary>
    public List<BtfType> Functions { get; } = [];

    /// <summary>The types, in the order of their ids.</summary>
    public IEnumerable<BtfTypeId> Types => _types.Select(id => new BtfTypeId(id));

    /// <summary>Finds them.</summary>
    public static NeededTypes Find(BtfReader btf, IEnumerable<string> words)
    {
        var needed = new NeededTypes(btf, words);
        for (int i = 1; i < btf.TypeCount; i++) needed.Look(btf[new BtfTypeId(i)]);
        while (needed._open.TryPop(out BtfType type)) needed.Follow(type);
        return needed;
    }

    private void Look(BtfType type)
    {
        switch (type.Kind)
        {
            case BtfKind.Struct or BtfKind.Union or BtfKind.Typedef when _lookup.Contains(type.NameUtf8):
                Use(type);
                break;
            case BtfKind.Enum or BtfKind.Enum64 when _lookup.Contains(type.NameUtf8) || HasWord(type):
                Use(type);
                break;
            // The kernel's build marks its kfuncs so since Linux 6.10.
            case BtfKind.DeclarationTag when type.NameUtf8.SequenceEqual("bpf_kfunc"u8) && _btf[type.TypeId] is { Kind: BtfKind.Function } function && _lookup.Contains(function.NameUtf8):
                Functions.Add(function);
                break;
            default:
                break;
        }
    }

    private bool HasWord(BtfType type)
    {
        foreach (BtfEnumerator entry in type.Enumerators)
        {
            if (_lookup.Contains(entry.NameUtf8)) return true;
        }

        return false;
    }

    private void Use(BtfType type)
    {
        if (type.Id.IsVoid || !_types.Add(type.Id.Value)) return;
        _open.Push(type);
    }

    private void Follow(BtfType type)
    {
        if (type.Kind == BtfKind.Typedef)
        {
            if (_btf.StripModifiers(type.TypeId) is { IsComposite: true } target) Use(target);
            return;
        }

        foreach (BtfMember member in type.Members)
        {
            BtfType value = _btf.StripModifiers(member.TypeId);
            bool isReached = member.IsAnonymous || _lookup.Contains(member.NameUtf8);
            bool isPointer = false;
            while (value.Kind is BtfKind.Pointer or BtfKind.Array)
            {
                isPointer |= value.Kind == BtfKind.Pointer;
                value = _btf.StripModifiers(value.Kind == BtfKind.Pointer ? value.TypeId : value.Array.ElementTypeId);
            }

            // A struct inside is printed with the one that holds it, whether it is reached or not.
            if (value.IsComposite && (isReached || (!isPointer && value.NameUtf8.IsEmpty))) Use(value);
        }
    }
}
