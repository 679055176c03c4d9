using System;
using System.Buffers.Text;
using System.Text;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Relocation;

/// <summary>
/// Follows the access string of a record, such as <c>0:1:2</c>, through the object's own types: an index of the root as if it were
/// an array, then numbers of members and indexes of elements; for an enumerator, its number; for a type, only <c>0</c>.
/// </summary>
internal static class CoReSpecParser
{
    // BPF programs see 64-bit pointers, whatever the machine (libbpf sets this for every object).
    public const int LocalPointerSize = 8;

    public static CoReProblem? Parse(BtfReader types, in BtfCoReRecord record, CoReSpecBuilder spec)
    {
        ReadOnlySpan<byte> access = types.GetStringUtf8(record.AccessStringOffset);
        spec.Reset(record.Kind, types, record.TypeId);
        if (record.Kind.IsType()) return access.SequenceEqual("0"u8) ? null : Bad($"is '{Text(access)}'; for a type it must be '0'");
        if (ParsePath(access, spec) is CoReProblem problem) return problem;

        BtfType root = types.StripModifiers(record.TypeId);
        int first = spec.Path[0];
        spec.Add(new CoReAccessor(root.Id, first, IsNamed: record.Kind.IsEnumerator()));
        if (!record.Kind.IsEnumerator()) return FollowFields(types, root, spec);
        if (!root.IsEnum) return Bad($"asks for an enumerator of {root}, which is no enum");
        return spec.PathLength == 1 && first < root.VariableLength ? null : Bad($"'{Text(access)}' is no enumerator of {root}");
    }

    /// <summary>True when an array has no length and stands last in its struct, so that any index is in range.</summary>
    public static bool IsFlexible(BtfReader types, CoReAccessor before, BtfArray array) =>
        before.IsNamed && array.Count == 0 && before.Index == types[before.TypeId].VariableLength - 1;

    private static CoReProblem? ParsePath(ReadOnlySpan<byte> access, CoReSpecBuilder spec)
    {
        ReadOnlySpan<byte> rest = access;
        while (true)
        {
            if (spec.IsFull) return new CoReProblem(BpfDiagnosticId.CoReTooDeep, $"The access path has more than {CoReSpecBuilder.MaximumLength} steps.");
            if (!Utf8Parser.TryParse(rest, out int step, out int length) || step < 0 || rest[0] is < (byte)'0' or > (byte)'9')
                return Bad($"'{Text(access)}' is not numbers with colons in between");
            spec.Push(step);
            if (length == rest.Length) return null;
            if (rest[length] != ':') return Bad($"'{Text(access)}' is not numbers with colons in between");
            rest = rest[(length + 1)..];
        }
    }

    private static CoReProblem? FollowFields(BtfReader types, BtfType root, CoReSpecBuilder spec)
    {
        if (!types.TryGetSize(root.Id, LocalPointerSize, out uint size)) return Bad($"starts from {root}, whose size cannot be told");
        spec.BitOffset = Bits(spec.Path[0], size);

        BtfTypeId current = root.Id;
        for (int i = 1; i < spec.PathLength; i++)
        {
            BtfType type = types.StripModifiers(current);
            int step = spec.Path[i];
            if (type.IsComposite)
            {
                if (step >= type.VariableLength) return Bad($"asks for member {step} of {type}, which has {type.VariableLength}");
                BtfMember member = type.Members[step];
                spec.BitOffset += member.BitOffset;
                if (!member.IsAnonymous) spec.Add(new CoReAccessor(type.Id, step, IsNamed: true));
                current = member.TypeId;
            }
            else if (type.Kind == BtfKind.Array)
            {
                BtfType element = types.StripModifiers(type.Array.ElementTypeId);
                if (step >= type.Array.Count && !IsFlexible(types, spec.Accessors[^1], type.Array))
                    return Bad($"asks for element {step} of {type}, which has {type.Array.Count}");
                if (!types.TryGetSize(element.Id, LocalPointerSize, out size)) return Bad($"goes through {element}, whose size cannot be told");
                spec.Add(new CoReAccessor(element.Id, step, IsNamed: false));
                spec.BitOffset += Bits(step, size);
                current = element.Id;
            }
            else
            {
                return Bad($"goes on from {type}, which has no parts");
            }
        }

        return null;
    }

    // As libbpf, which keeps 32 bits of it.
    private static uint Bits(int index, uint size) => unchecked((uint)(index * (long)size * 8));

    private static string Text(ReadOnlySpan<byte> access) => Encoding.UTF8.GetString(access[..Math.Min(access.Length, 200)]);

    private static CoReProblem Bad(string what) => new(BpfDiagnosticId.BadCoRePath, $"The access path {what}.");
}
