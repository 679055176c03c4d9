using System.Text.RegularExpressions;

namespace Bpf.Loader.Diagnostics.Verifier.Rules;

/// <summary>A packet is accessed beyond what was compared with its end.</summary>
internal sealed partial class PacketRule : IVerifierRule
{
    public BpfFinding? Explain(VerifierCase refusal)
    {
        if (refusal.Last is not TraceStep last || Access().Match(refusal.Verdict) is not { Success: true } match) return null;
        long offset = Numbers.Of(match.Groups[1]), size = Numbers.Of(match.Groups[2]), range = Numbers.Of(match.Groups[5]);
        int register = (int)Numbers.Of(match.Groups[3]);
        ValueOrigin origin = refusal.Provenance.Of(last, register);
        TraceStep? check = LastCheck(refusal, last);
        BpfOrigin[] origins = check is null ? [] : [new BpfOrigin("the check", refusal.PlaceOf(check))];
        bool isVariable = Numbers.Of(match.Groups[4]) != 0;
        string access = last.Operation.Kind is OperationKind.Store or OperationKind.Atomic ? "written" : "read";
        if (last.Operation.Kind == OperationKind.CallKernel) access = $"given to {last.Operation.Callee}()";
        if (isVariable && range == 0)
        {
            return refusal.Finding(
                BpfDiagnosticId.PacketNotChecked, $"The packet is {access} at a variable place that was not compared with data_end.",
                "A check of the fixed part says nothing of what lies behind a length that the packet itself gives.",
                $"Compare the pointer with its length added: `if ((void *)(pointer + {offset + size}) > data_end) {refusal.Leave}`", origins);
        }

        if (range == 0 && refusal.ContextMember(origin.Offset) is "data_meta")
        {
            return refusal.Finding(
                BpfDiagnosticId.PacketNotChecked, $"The metadata before the packet is {access}, and nothing has compared its place with data.", "There is none unless bpf_xdp_adjust_meta() made room for it, and it ends where the packet begins.",
                $"Call bpf_xdp_adjust_meta(ctx, -{offset + size}) first, then read data_meta and data again and compare them: `if (data_meta + {offset + size} > data) {refusal.Leave}`", refusal.Describe(origin));
        }

        string bytes = size == 1 ? $"Byte {offset} of the packet is {access}" : $"Bytes {offset} to {offset + size - 1} of the packet are {access}";
        string what = range == 0 ? $"{bytes}, and nothing has compared its place with data_end." : $"{bytes}; {range} bytes were checked.";
        return refusal.Finding(
            BpfDiagnosticId.PacketNotChecked, what, "A packet can be shorter than that.",
            $"Compare that many before: `if (data + {offset + size} > data_end) {refusal.Leave}`", check is null ? [refusal.Describe(origin)] : origins);
    }

    // The last comparison of two pointers.
    private static TraceStep? LastCheck(VerifierCase refusal, TraceStep last)
    {
        for (int i = last.Index - 1; i >= 0; i--)
        {
            TraceStep step = refusal.Trace.Steps[i];
            if (step.Operation is { Kind: OperationKind.Branch, Other: >= 0 } branch
                && (IsPacket(refusal.Provenance.Of(step, branch.Source), refusal) || IsPacket(refusal.Provenance.Of(step, branch.Other), refusal))) return step;
        }

        return null;
    }

    private static bool IsPacket(ValueOrigin origin, VerifierCase refusal)
        => origin.Kind == ValueOriginKind.ContextMember && refusal.ContextMember(origin.Offset) is null or "data" or "data_end" or "data_meta";

    [GeneratedRegex(@"invalid access to packet, off=(-?\d+) size=(-?\d+), R(\d+)\(id=(\d+),off=-?\d+,r=(\d+)\)")]
    private static partial Regex Access();
}
