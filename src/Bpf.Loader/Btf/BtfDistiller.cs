using System;
using System.Collections.Generic;

namespace Bpf.Loader.Btf;

/// <summary>
/// Takes split BTF off its base, and puts it on another. A module that is built once and loaded into kernels that differ a little
/// carries a distilled base: the names and sizes of the kernel's types that it refers to. There it is matched with the types of
/// the kernel at hand.
/// </summary>
public static class BtfDistiller
{
    /// <summary>Makes a copy of split BTF on a base that has nothing but the types that it refers to, without their contents.</summary>
    /// <param name="split">Split BTF.</param>
    /// <returns>
    /// The copy; the distilled base is its <see cref="BtfReader.Base"/>. Types of the base that have no name, or are made of
    /// others, follow the copy's own types.
    /// </returns>
    /// <exception cref="ArgumentException">The BTF has no base.</exception>
    /// <exception cref="BpfFormatException">It refers to types of the base that cannot be distilled, such as functions.</exception>
    public static BtfReader Distill(BtfReader split)
    {
        ArgumentNullException.ThrowIfNull(split);
        if (split.Base is null) throw new ArgumentException("Only split BTF can be distilled.", nameof(split));
        bool[] isUsed = FindUsed(split);
        int[] ids = new int[split.FirstId];
        var baseBuilder = new BtfBuilder();
        for (int id = 1; id < split.FirstId; id++)
        {
            if (isUsed[id]) AddToBase(baseBuilder, split[new BtfTypeId(id)], ids);
        }

        BtfReader distilled = baseBuilder.ToReader();
        BtfBuilder builder = BtfBuilder.SplitOn(distilled);
        for (int id = split.FirstId; id < split.TypeCount; id++) builder.AddType(split[new BtfTypeId(id)]);
        for (int id = 1; id < split.FirstId; id++)
        {
            if (isUsed[id] && ids[id] == 0) ids[id] = builder.AddType(split[new BtfTypeId(id)]).Value;
        }

        int distance = distilled.TypeCount - split.FirstId;
        for (int id = distilled.TypeCount; id < builder.TypeCount; id++)
            builder.MoveReferences(new BtfTypeId(id), old => old < split.FirstId ? ids[old] : old + distance);
        return builder.ToReader();
    }

    /// <summary>Puts split BTF on another base, whose types have the names and sizes that the distilled one says.</summary>
    /// <param name="split">Split BTF on a distilled base.</param>
    /// <param name="target">The base to put it on, such as the running kernel's.</param>
    /// <exception cref="BpfFormatException">
    /// The base of <paramref name="split"/> is not a distilled one, or one of its types has no counterpart or more than one.
    /// </exception>
    public static BtfReader Relocate(BtfReader split, BtfReader target)
    {
        ArgumentNullException.ThrowIfNull(split);
        ArgumentNullException.ThrowIfNull(target);
        if (split.Base is not { } distilled) throw new ArgumentException("Only split BTF can be moved to another base.", nameof(split));
        int[] ids = new BtfBaseMatcher(split, distilled, target).Match();
        int distance = target.TypeCount - split.FirstId;
        BtfBuilder builder = BtfBuilder.SplitOn(target);
        for (int id = split.FirstId; id < split.TypeCount; id++)
        {
            BtfTypeId moved = builder.AddType(split[new BtfTypeId(id)]);
            builder.MoveReferences(moved, old => old < split.FirstId ? ids[old] : old + distance);
        }

        return builder.ToReader();
    }

    /// <summary>Finds the types of the base that split BTF refers to, directly or not; named structs and unions are not looked into.</summary>
    private static bool[] FindUsed(BtfReader split)
    {
        bool[] isUsed = new bool[split.FirstId];
        var open = new Stack<BtfType>();
        for (int id = split.FirstId; id < split.TypeCount; id++) open.Push(split[new BtfTypeId(id)]);
        while (open.TryPop(out BtfType type))
        {
            BtfFields fields = BtfFields.Of(type.Kind, type.VariableLength);
            if (fields.HeadIsType) Use(type.TypeId);
            for (int i = 0; i < fields.Count && fields.FirstType != 0; i++)
                Use(new BtfTypeId(type.Reader.Types.Int32(type.Offset + fields.FirstType + (i * fields.Step))));
        }

        return isUsed;

        void Use(BtfTypeId id)
        {
            if (id.IsVoid || id.Value >= split.FirstId || isUsed[id.Value]) return;
            isUsed[id.Value] = true;
            BtfType type = split[id];
            if (type.Kind is BtfKind.Function or BtfKind.Variable or BtfKind.DataSection or BtfKind.DeclarationTag or > BtfKind.Enum64)
                throw new BpfFormatException($"Split BTF refers to {type} of its base, which cannot be distilled.", ".BTF types", null, BpfDiagnosticId.BadBtfReference);
            if (type.Kind is BtfKind.Enum or BtfKind.Enum64 && type.Size is not (1 or 2 or 4 or 8))
                throw new BpfFormatException($"{type} has {type.Size} bytes, which no enum has.", ".BTF types", type.Offset, BpfDiagnosticId.BadBtfType);
            if (!type.IsComposite || type.NameUtf8.IsEmpty) open.Push(type);
        }
    }

    private static void AddToBase(BtfBuilder builder, BtfType type, int[] ids)
    {
        bool isNamed = !type.NameUtf8.IsEmpty;
        ids[type.Id.Value] = type.Kind switch
        {
            BtfKind.Int or BtfKind.Float or BtfKind.Forward => builder.AddType(type).Value,
            BtfKind.Struct when isNamed => builder.AddStruct(type.Name, type.Size).Value,
            BtfKind.Union when isNamed => builder.AddUnion(type.Name, type.Size).Value,
            BtfKind.Enum or BtfKind.Enum64 when isNamed => builder.AddEnum(type.Name, type.Size).Value,
            _ => 0,
        };
    }
}
