using System;
using System.Globalization;
using System.Text;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Relocation;

/// <summary>What a CO-RE relocation comes to: what was asked, where the target has it, and what the instruction must hold.</summary>
public sealed class CoReResult
{
    internal CoReResult(BtfCoReRecord record, CoReSite site, CoReSpec local, CoReSpec? target, CoReValue original, CoReValue? value)
    {
        Record = record;
        Site = site;
        Local = local;
        Target = target;
        OriginalValue = original.Number;
        NewValue = value?.Number ?? 0;
        IsMissing = value is null;
        IsCertain = original.IsCertain;
        OriginalWidth = original.Width;
        NewWidth = value?.Width ?? original.Width;
        IsWidthUnsafe = value is CoReValue found && target is not null && !IsWidthSafe(local, original, target, found);
    }

    /// <summary>The record of the object.</summary>
    public BtfCoReRecord Record { get; }

    /// <summary>What is asked, in the object's types.</summary>
    public CoReSpec Local { get; }

    /// <summary>The same in the target's types; null when the target has no such thing, or was not asked.</summary>
    public CoReSpec? Target { get; }

    /// <summary>What the compiler put into the instruction, by the object's types.</summary>
    public ulong OriginalValue { get; }

    /// <summary>What the instruction must hold on the target.</summary>
    public ulong NewValue { get; }

    /// <summary>
    /// True when there is no answer because the target lacks the type, field or enumerator: the instruction becomes one that the
    /// verifier refuses if it can be reached.
    /// </summary>
    public bool IsMissing { get; }

    /// <summary>
    /// True when the field has another size on the target and is no pointer and no unsigned integer on both sides: a load or store of
    /// it would go wrong, and becomes an instruction that the verifier refuses if it can be reached.
    /// </summary>
    public bool IsWidthUnsafe { get; }

    /// <summary>How many types of the target have the name and the kind.</summary>
    public int CandidateCount { get; internal init; }

    /// <summary>Where the record is: the C line if the object says.</summary>
    /// <exception cref="BpfFormatException">The line info is malformed.</exception>
    public BpfLocation Location => Site.Locate(Local.Types, Record.InstructionOffset, Local.DescribeLast());

    /// <summary>Those types: what is missing was looked for in them.</summary>
    internal BtfType[] Candidates { get; init; } = [];

    /// <summary>All types that were searched; null when there was nothing to search for.</summary>
    internal ITargetTypes? Searched { get; init; }

    internal CoReSite Site { get; }

    internal bool IsCertain { get; }

    internal uint OriginalWidth { get; }

    internal uint NewWidth { get; }

    /// <summary>Why the instruction must not be reached on this target, a sentence; null when it was patched.</summary>
    /// <param name="outcome">What <see cref="CoRePatcher.Apply"/> did to the instruction.</param>
    public string? Explain(CoReOutcome outcome)
    {
        if (outcome == CoReOutcome.Patched) return null;
        BtfType root = Local.Types[Local.RootTypeId];
        string type = $"{root.Kind.ToLogName()} {Encoding.UTF8.GetString(BtfReader.EssentialName(root.NameUtf8))}";
        if (outcome == CoReOutcome.WidthUnsafe)
            return $"{Local.DescribePath()} of {type} is {Width(OriginalWidth)} here and {Width(NewWidth)} on the target; only pointers and unsigned integers may differ.";
        return CandidateCount == 0
            ? $"The target has no {type}."
            : $"The target's {type} has no {Local.DescribePath()}, or has it with another type.";
    }

    /// <summary>The same as a finding, with the same id wherever it is told; null when the instruction was patched.</summary>
    /// <param name="outcome">What <see cref="CoRePatcher.Apply"/> did to the instruction.</param>
    /// <param name="severity">How much it matters there.</param>
    /// <exception cref="BpfFormatException">The line info is malformed.</exception>
    public BpfFinding? ToFinding(CoReOutcome outcome, BpfSeverity severity = BpfSeverity.Error) => ToFinding(outcome, severity, null);

    /// <inheritdoc cref="ToFinding(CoReOutcome, BpfSeverity)"/>
    /// <param name="outcome">What <see cref="CoRePatcher.Apply"/> did to the instruction.</param>
    /// <param name="severity">How much it matters there.</param>
    /// <param name="findElsewhere">Looks for a type of that kind and name where the target's types do not reach; null for nowhere.</param>
    internal BpfFinding? ToFinding(CoReOutcome outcome, BpfSeverity severity, Func<BtfKind, string, string?>? findElsewhere)
        => CoReAbsence.Of(this, outcome, findElsewhere) is not CoReAbsence absence ? null : new BpfFinding
        {
            Id = outcome == CoReOutcome.WidthUnsafe ? BpfDiagnosticId.CoReWidthDiffers : BpfDiagnosticId.CoReTargetMissing,
            Severity = severity,
            What = absence.What,
            Place = Location,
            Cause = absence.Cause,
            Cure = absence.Cure,
        };

    /// <summary>Both sides and both values, as in <c>&lt;byte_off&gt; [2] struct s.a (0:1 @ offset 4): [7] struct s.a (0:3 @ offset 12), 4 -> 12</c>.</summary>
    public override string ToString()
    {
        if (IsMissing) return $"{Local}: not on the target";
        string values = string.Create(CultureInfo.InvariantCulture, $"{OriginalValue} -> {NewValue}");
        if (Target is null) return $"{Local}: {values}";
        string target = Target.ToString();
        return $"{Local}: {target[(target.IndexOf('>') + 2)..]}, {values}{(IsWidthUnsafe ? ", width differs" : "")}";
    }

    private static string Width(uint width) => width switch
    {
        0 => "a bit-field",
        1 => "1 byte",
        _ => string.Create(CultureInfo.InvariantCulture, $"{width} bytes"),
    };

    private static bool IsWidthSafe(CoReSpec local, CoReValue original, CoReSpec target, CoReValue found)
    {
        if (original.Width == found.Width) return true;
        BtfType ours = local.Types[original.WidthTypeId], theirs = target.Types[found.WidthTypeId];
        if (ours.Kind == BtfKind.Pointer && theirs.Kind == BtfKind.Pointer) return true;

        // Zero extension keeps the value of an unsigned integer; sign extension would be another instruction.
        return ours.Kind == BtfKind.Int && theirs.Kind == BtfKind.Int
            && ours.IntEncoding != BtfIntEncoding.Signed && theirs.IntEncoding != BtfIntEncoding.Signed;
    }
}
