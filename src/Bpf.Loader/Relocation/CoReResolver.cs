using System;
using System.Collections.Generic;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Relocation;

/// <summary>
/// Answers the CO-RE questions of an object from the types of a target. Pure: nothing is loaded, and the target may be any kernel
/// whose BTF is at hand. Not safe for use by several threads at a time; the readers are, so that each may have its own.
/// </summary>
/// <remarks>
/// The rules are libbpf's. Records must be resolved in the order of the file: a type of the target that does not fit one access is no
/// longer considered for later accesses that start from the same type.
/// </remarks>
public sealed class CoReResolver
{
    private readonly BtfReader _local;
    private readonly ITargetTypes _target;
    private readonly CoReCandidates _candidates;
    private readonly CoReSpecBuilder _builder = new();
    private readonly CoReBudget _budget = new();

    /// <summary>Prepares to relocate an object.</summary>
    /// <param name="local">The types of the object.</param>
    /// <param name="target">The types of the kernel that it is to run on.</param>
    public CoReResolver(BtfReader local, ITargetTypes target)
    {
        ArgumentNullException.ThrowIfNull(local);
        ArgumentNullException.ThrowIfNull(target);
        _local = local;
        _target = target;
        _candidates = new CoReCandidates(local, target);
    }

    /// <summary>
    /// Looks up all types that some records start from, in one pass over the target's types. Not necessary, but faster than the
    /// lookups one by one that <see cref="Resolve"/> does otherwise.
    /// </summary>
    /// <exception cref="BpfFormatException">The types are malformed.</exception>
    public void Prepare(BtfExtTable<BtfCoReRecord> records)
    {
        var roots = new HashSet<BtfTypeId>();
        foreach (BtfExtSection<BtfCoReRecord> section in records)
        {
            // Only existing types are looked for; Resolve names the record that refers to another one.
            foreach (BtfCoReRecord record in section)
            {
                if (record.Kind != CoReKind.TypeIdLocal && _local.Contains(record.TypeId)) roots.Add(record.TypeId);
            }
        }

        _candidates.Prepare(roots);
    }

    /// <summary>Answers one record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="site">Where the record is, for messages.</param>
    /// <exception cref="CoReException">There is no answer, or there are several.</exception>
    /// <exception cref="BpfFormatException">The types are malformed.</exception>
    public CoReResult Resolve(in BtfCoReRecord record, CoReSite site = default)
    {
        if (!record.Kind.IsKnown())
            throw Fail(record, site, null, new(BpfDiagnosticId.UnknownCoReKind, $"The kind {(uint)record.Kind} of the relocation is not known."));
        if (CoReSpecParser.Parse(_local, record, _builder) is CoReProblem problem) throw Fail(record, site, null, problem);
        CoReSpec local = _builder.ToSpec();
        CoReValue original = Compute(record, site, local, local, CoReSpecParser.LocalPointerSize);

        // The linker may have changed the number since the compiler wrote it; that is why there is a relocation.
        if (record.Kind == CoReKind.TypeIdLocal) return new CoReResult(record, site, local, null, original, original);
        BtfType root = _local[record.TypeId];
        if (root.NameUtf8.IsEmpty)
            throw Fail(record, site, local, new(BpfDiagnosticId.AnonymousCoReType, $"{root} has no name by which the target's could be found."));

        BtfType[] candidates = _candidates[record.TypeId];
        _budget.Begin();
        CoReSpec? target = null;
        CoReValue found = default;
        int matching = 0;
        for (int i = 0; i < candidates.Length; i++)
        {
            if (!Matches(record, site, local, candidates[i])) continue;
            CoReSpec spec = _builder.ToSpec();
            CoReValue value = Compute(record, site, local, spec, spec.Types.PointerSize);
            if (target is not null) CheckSame(record, site, local, target, found, spec, value);
            else (target, found) = (spec, value);

            // The array is the cache's own until it is replaced; swapping keeps it whole, and the matching ones in order.
            (candidates[matching], candidates[i]) = (candidates[i], candidates[matching]);
            matching++;
        }

        if (matching > 0 && matching < candidates.Length) _candidates[record.TypeId] = candidates[..matching];
        CoReValue? answer = target is not null ? found : Absent(record.Kind);
        return new CoReResult(record, site, local, target, original, answer) { CandidateCount = candidates.Length, Candidates = candidates, Searched = _target };
    }

    private bool Matches(in BtfCoReRecord record, CoReSite site, CoReSpec local, BtfType candidate)
    {
        var matcher = new CoReSpecMatcher(local, candidate.Reader, _builder, _budget);
        return matcher.Match(candidate.Id) switch
        {
            CoReMatch.TooDeep => throw Fail(record, site, local, new(BpfDiagnosticId.CoReTooDeep, $"The types are nested too deep, or there are too many, to be compared with the target's {candidate}.")),
            CoReMatch.NoSize => throw Fail(record, site, local, new(BpfDiagnosticId.NoCoReValue, $"The target's {candidate} has no size, or an element of it has none.")),
            CoReMatch match => match == CoReMatch.Yes,
        };
    }

    private void CheckSame(in BtfCoReRecord record, CoReSite site, CoReSpec local, CoReSpec first, CoReValue value, CoReSpec other, CoReValue otherValue)
    {
        if (first.BitOffset == other.BitOffset && value.Number == otherValue.Number) return;
        string reason = $"Two types of the target fit and disagree: {first} gives {value.Number}, {other} gives {otherValue.Number}.";
        throw Fail(record, site, local, new(BpfDiagnosticId.AmbiguousCoRe, reason, "Add members to the declaration that only the wanted one has.", "Parts of the kernel may use a name for types of their own."));
    }

    private CoReValue Compute(in BtfCoReRecord record, CoReSite site, CoReSpec local, CoReSpec spec, int pointerSize) =>
        CoReValue.Compute(spec, pointerSize, _local.IsBigEndian, out CoReValue value) is CoReProblem problem
            ? throw Fail(record, site, local, problem)
            : value;

    private static CoReValue? Absent(CoReKind kind) =>
        kind is CoReKind.FieldExists or CoReKind.EnumValueExists || kind.IsType() ? new CoReValue(0) : null;

    private CoReException Fail(in BtfCoReRecord record, CoReSite site, CoReSpec? local, CoReProblem problem)
    {
        string? text = local?.ToString();
        if (text is null && _local.Contains(record.TypeId))
        {
            BtfType root = _local[record.TypeId];
            text = $"<{record.Kind.ToLogName()}> {root.Id} {root.Kind.ToLogName()} {(root.NameUtf8.IsEmpty ? "<anon>" : root.Name)}";
        }

        return new CoReException(problem.Id, problem.Reason, text, site.Locate(_local, record.InstructionOffset, local?.DescribeLast() ?? ""), problem.Cure, problem.Cause);
    }
}
