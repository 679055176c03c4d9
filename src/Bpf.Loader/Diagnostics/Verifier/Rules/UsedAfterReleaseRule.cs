using System.Linq;
using System.Text.RegularExpressions;

namespace Bpf.Loader.Diagnostics.Verifier.Rules;

/// <summary>A record or an object is used after it was given back.</summary>
internal sealed partial class UsedAfterReleaseRule : IVerifierRule
{
    public BpfFinding? Explain(VerifierCase refusal)
    {
        if (refusal.Last is not TraceStep last || Number().Match(refusal.Verdict) is not { Success: true } match) return null;
        ValueOrigin origin = refusal.Provenance.Of(last, match.Groups[1].Value[0] - '0');
        if (origin is not { Kind: ValueOriginKind.Result, Step: TraceStep made } || Acquisition.ReleaseOf(origin.Callee) is not string release) return null;
        TraceStep? released = refusal.Trace.Steps.Skip(made.Index + 1).Take(last.Index - made.Index - 1)
            .LastOrDefault(step => step.Operation.Kind == OperationKind.CallKernel && Acquisition.Releases(step.Operation.Callee, release));
        if (released is null) return null;
        string name = refusal.NameOf(origin) is string named ? $"'{named}'" : "What was taken";
        return refusal.Finding(
            BpfDiagnosticId.UsedAfterRelease, $"{name} is used after {released.Operation.Callee}() gave it away.",
            "From that call on it may belong to someone else.", $"Do all that needs it before {released.Operation.Callee}(), and call that once on each way.",
            new BpfOrigin($"given away by {released.Operation.Callee}()", refusal.PlaceOf(released)), refusal.Describe(origin));
    }

    [GeneratedRegex(@"R(\d) (?:invalid mem access '(?:scalar|inv)'|type=(?:scalar|inv) expected=)")]
    private static partial Regex Number();
}
