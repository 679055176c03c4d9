using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Diagnostics.Verifier.Rules;

namespace Bpf.Loader.Diagnostics.Verifier;

/// <summary>Explains refusals of the verifier: by its log, and by what is known of the program.</summary>
internal static class VerifierExplainer
{
    // The first that knows the refusal explains it; those that look closest come first.
    private static readonly IVerifierRule[] Rules =
    [
        new NullPointerRule(), new UsedAfterReleaseRule(), new NumberAsPointerRule(), new PacketRule(), new ContextRule(), new ReadOnlyRule(), new UnwrittenStackRule(),
        new HelperArgumentRule(), new KernelObjectRule(), new PointerArithmeticRule(), new ReferenceRule(), new LockRule(), new CallRule(), new LoopRule(), new StackDepthRule(), new MisalignedRule(),
        new LicenseRule(), new SleepRule(), new HelperTypeRule(), new ReturnValueRule(), new NoValueRule(), new FunctionInfoRule(), new UnreachableRule(),
        new BoundsRule(), new KernelFunctionRule(),
    ];

    /// <summary>Explains a refusal.</summary>
    /// <param name="program">What is known of the program.</param>
    /// <param name="log">The verifier's log; empty when there is none.</param>
    /// <param name="errno">The kernel's answer.</param>
    public static BpfFinding Explain(VerifiedProgram program, string log, Errno errno)
    {
        var refusal = new VerifierCase(program, VerifierTrace.Parse(log), log, errno);
        return Rules.Select(rule => rule.Explain(refusal)).FirstOrDefault(finding => finding is not null) ?? Unknown(refusal);
    }

    // Texts that nobody foresaw pass through as they are; the reports of 7.3 and later know a reason and a cure themselves.
    private static BpfFinding Unknown(VerifierCase refusal)
    {
        string what = $"The verifier refuses {refusal.Program.Title}.";
        List<string> report = VerifierReport.Summarize(refusal.Log, out _);
        string? Section(string head) => report.Find(line => line.StartsWith(head, StringComparison.Ordinal))?[head.Length..].Trim();
        return refusal.Finding(BpfDiagnosticId.ProgramRefused, what, Section(VerifierReport.Reason), Section(VerifierReport.Suggestion)) with
        {
            KernelWords = Section(VerifierReport.Title) ?? VerifierLog.Reason(refusal.Log),
        };
    }
}
