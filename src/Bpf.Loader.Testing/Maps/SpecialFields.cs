using System;
using System.Collections.Generic;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Testing.Maps;

/// <summary>The fields of a type that the kernel looks after: an update passes over them, and who is freed lets go of what they hold.</summary>
internal sealed class SpecialFields
{
    // BTF_FIELDS_MAX and MAX_RESOLVE_DEPTH of kernel/bpf/btf.c.
    private const int Maximum = 11, MaximumDepth = 32;

    private readonly List<SpecialField> _fields;

    private SpecialFields(List<SpecialField> fields) => _fields = fields;

    /// <summary>The fields, by their offsets.</summary>
    public IReadOnlyList<SpecialField> All => _fields;

    /// <summary>Finds those of a type.</summary>
    /// <param name="types">The types of the object file; null when it has none.</param>
    /// <param name="id">The type.</param>
    /// <param name="size">How many bytes there are of it.</param>
    /// <returns>Null when it has none.</returns>
    public static SpecialFields? Of(BtfReader? types, BtfTypeId id, int size)
    {
        if (types is null || id.IsVoid || !types.Contains(id)) return null;
        List<SpecialField> found = [];
        Find(types, id, 0, 0, found);
        found.RemoveAll(field => field.End > size);
        found.Sort(static (left, right) => left.Offset.CompareTo(right.Offset));
        return found.Count == 0 ? null : new SpecialFields(found);
    }

    /// <summary>True when there is a field of a kind at an offset.</summary>
    public bool Has(SpecialFieldKind kind, long offset) => _fields.Exists(field => field.Kind == kind && field.Offset == offset);

    /// <summary>True when there is a field of a kind.</summary>
    public bool Has(SpecialFieldKind kind) => _fields.Exists(field => field.Kind == kind);

    /// <summary>Copies all but these fields (<c>copy_map_value</c> of include/linux/bpf.h).</summary>
    public void CopyOthers(ReadOnlySpan<byte> from, Span<byte> to)
    {
        int at = 0;
        foreach (SpecialField field in _fields)
        {
            if (field.Offset > at) from[at..field.Offset].CopyTo(to[at..]);
            at = Math.Max(at, field.End);
        }

        from[at..].CopyTo(to[at..]);
    }

    /// <summary>Makes these fields 0.</summary>
    public void Clear(Span<byte> value)
    {
        foreach (SpecialField field in _fields) value.Slice(field.Offset, field.Size).Clear();
    }

    private static void Find(BtfReader types, BtfTypeId id, long offset, int depth, List<SpecialField> found)
    {
        if (depth > MaximumDepth || found.Count >= Maximum || offset > int.MaxValue) return;
        BtfType type = types.StripModifiers(id);
        switch (type.Kind)
        {
            case BtfKind.Pointer when types[type.TypeId] is { Kind: BtfKind.TypeTag, Name: "kptr" or "kptr_untrusted" or "percpu_kptr" }:
                found.Add(new SpecialField(SpecialFieldKind.Pointer, (int)offset, sizeof(ulong)));
                break;
            case BtfKind.Struct when KindOf(type.Name) is { } kind:
                found.Add(new SpecialField(kind, (int)offset, (int)Math.Min(type.Size, int.MaxValue / 2)));
                break;
            case BtfKind.Struct:
                foreach (BtfMember member in type.Members)
                {
                    if (member.BitFieldSize == 0) Find(types, member.TypeId, offset + (member.BitOffset / 8), depth + 1, found);
                }

                break;
            case BtfKind.Array when types.TryGetSize(type.Array.ElementTypeId, out uint size):
                for (uint i = 0; i < type.Array.Count; i++)
                {
                    int before = found.Count;
                    Find(types, type.Array.ElementTypeId, offset + ((long)i * size), depth + 1, found);
                    if (found.Count == before) break;
                }

                break;
        }
    }

    private static SpecialFieldKind? KindOf(string type) => type switch
    {
        "bpf_spin_lock" or "bpf_res_spin_lock" or "bpf_wq" or "bpf_task_work" => SpecialFieldKind.Opaque,
        "bpf_timer" => SpecialFieldKind.Timer,
        "bpf_list_head" => SpecialFieldKind.ListHead,
        "bpf_list_node" => SpecialFieldKind.ListNode,
        "bpf_rb_root" => SpecialFieldKind.TreeRoot,
        "bpf_rb_node" => SpecialFieldKind.TreeNode,
        "bpf_refcount" => SpecialFieldKind.ReferenceCount,
        _ => null,
    };
}
