using System;
using System.Text.RegularExpressions;

namespace Bpf.Loader.Diagnostics.Verifier.Rules;

/// <summary>A pointer that may be null is used without asking.</summary>
internal sealed partial class NullPointerRule : IVerifierRule
{
    public BpfFinding? Explain(VerifierCase refusal)
    {
        if (refusal.Last is not TraceStep last || Register(refusal.Verdict) is not int register) return null;
        ValueOrigin origin = refusal.Provenance.Of(last, register);
        string? name = refusal.NameOfUsed(last, register, origin);
        string subject = name is null ? "The pointer" : $"'{name}'";
        string what = last.Operation.Kind == OperationKind.CallKernel
            ? $"{subject} may be NULL when it is given to {last.Operation.Callee}(): nothing has asked."
            : $"{subject} may be NULL where it is used: nothing has asked before.";
        return refusal.Finding(BpfDiagnosticId.PointerMayBeNull, what, Cause(origin), $"Ask first: `if (!{name ?? "pointer"}) {refusal.Leave}`", refusal.Describe(origin));
    }

    private static int? Register(string verdict)
    {
        foreach (Regex form in (ReadOnlySpan<Regex>)[Access(), Argument(), Arithmetic(), MayBeNull()])
        {
            if (form.Match(verdict) is { Success: true } match) return match.Groups[1].Value[0] - '0';
        }

        // Arguments are counted from 0, registers from 1.
        return Passed().Match(verdict) is { Success: true } passed ? passed.Groups[1].Success ? passed.Groups[1].Value[0] - '0' + 1 : passed.Groups[2].Value[0] - '0' : null;
    }

    private static string Cause(ValueOrigin origin) => origin switch
    {
        { Kind: ValueOriginKind.Result } when VerifierCase.IsLookup(origin.Callee) => "A key that the map does not have gives NULL, and the verifier wants to see the question on every way here.",
        { Kind: ValueOriginKind.Result, Callee: "bpf_ringbuf_reserve" } => "A full ring buffer gives NULL, and the verifier wants to see the question on every way here.",
        { Kind: ValueOriginKind.Argument } => "A global function is verified by itself: whoever calls it may pass NULL, unless the parameter carries __arg_nonnull (kernel 6.8).",
        _ => "It can be NULL, and the verifier wants to see the question on every way here.",
    };

    [GeneratedRegex(@"R(\d) invalid mem access '[^']*or_null_?'")]
    private static partial Regex Access();

    [GeneratedRegex(@"R(\d) type=\S*or_null_? expected=")]
    private static partial Regex Argument();

    [GeneratedRegex(@"R(\d) pointer arithmetic on \S*or_null_? prohibited")]
    private static partial Regex Arithmetic();

    [GeneratedRegex(@"(?:Possibly NULL pointer passed to \w+ arg#?|arg#(?=\d is expected to be non-NULL))(\d)|Possibly NULL pointer passed to \w+ R(\d)")]
    private static partial Regex Passed();

    [GeneratedRegex(@"R(\d) may be NULL")]
    private static partial Regex MayBeNull();
}
