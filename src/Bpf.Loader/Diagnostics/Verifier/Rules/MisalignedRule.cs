using System.Globalization;
using System.Text.RegularExpressions;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Diagnostics.Verifier.Rules;

/// <summary>Memory is accessed at an address that is no multiple of the size of the access.</summary>
internal sealed partial class MisalignedRule : IVerifierRule
{
    public BpfFinding? Explain(VerifierCase refusal)
    {
        if (refusal.Last is not TraceStep last || Form().Match(refusal.Verdict) is not { Success: true }) return null;
        ValueOrigin memory = refusal.Provenance.Of(last, last.Operation.Base);
        long offset = last.Operation.Offset + Provenance.ConstantOffset(memory);
        string? member = memory.Map is { IsSection: false, ValueType.IsVoid: false } map && refusal.Program.Btf is BtfReader btf ? MemberPath.At(btf, map.ValueType, offset) : null;
        string where = memory.Kind == ValueOriginKind.Stack ? "the stack" : memory.MapName is string name ? $"the value of map '{name}'" : "the memory";
        string subject = member is null ? $"{last.Operation.Size} bytes" : $"Member '{member}' of {last.Operation.Size} bytes";
        string what = $"{subject} {(member is null ? "are" : "is")} accessed at offset {offset.ToString(CultureInfo.InvariantCulture)} of {where}, which is no multiple of {last.Operation.Size}.";
        bool isAtomic = last.Operation.Kind == OperationKind.Atomic;
        return refusal.Finding(
            BpfDiagnosticId.Misaligned, what, isAtomic ? "Atomic operations need aligned memory on every machine." : "The verifier wants aligned accesses here on every machine.",
            $"Let its offset be a multiple of {last.Operation.Size}: order the members by size, drop __attribute__((packed)){(isAtomic ? "" : ", or copy the bytes (__builtin_memcpy)")}.", memory.Kind == ValueOriginKind.Stack ? [] : [refusal.Describe(memory)]);
    }

    [GeneratedRegex(@"misaligned (?:\w+ )?access off")]
    private static partial Regex Form();
}
