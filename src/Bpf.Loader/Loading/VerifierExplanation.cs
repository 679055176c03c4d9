using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using Bpf.Loader.Diagnostics;
using Bpf.Loader.Diagnostics.Verifier;
using Bpf.Loader.Instructions;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel;
using Bpf.Loader.Kernel.Abilities;
using Bpf.Loader.Kernel.Probes;
using Bpf.Loader.Objects;
using Bpf.Loader.Relocation;

namespace Bpf.Loader.Loading;

/// <summary>
/// Explains why the kernel refused a program. What the verifier cannot know comes first: that the call of a function with an odd number
/// stands for a relocation that found nothing on this kernel, a map that was not created, or a kernel function that does not exist.
/// </summary>
[SupportedOSPlatform("linux")]
internal static partial class VerifierExplanation
{
    // The last lines of a log say why; "invalid func unknown#N" is the verifier's answer to a poisoned instruction.
    private const int LinesOfReason = 10;

    public static BpfException Explain(LoadContext context, LinkedProgram program, Errno errno, string log)
    {
        BpfProgramDefinition definition = program.Definition;
        string? hint = context.Delegation?.ExplainProgram(definition.Type, definition.ExpectedAttachType, errno) ?? Refusal.HintFor(BpfCommand.ProgLoad, errno, context.NeededCapabilities) ?? Refusal.HintForProgram(definition.Type, errno);
        string name = $"program '{definition.Name}'";

        // Not a word of the verifier, or its statistics alone: the kernel refused before it looked at the code. A log that was cut off shows the way.
        if (VerifierLog.Reason(log) is null && VerifierTrace.Parse(log).Last is null) return ExplainSilence(context, program, errno, name, hint);
        BpfFinding finding = FindPoison(context, program, log) ?? VerifierExplainer.Explain(Describe(context, program), log, errno);
        if (finding.Id == BpfDiagnosticId.MissingHelper && DescribeHelper(log) is string helper) finding = finding with { What = helper };
        if (finding.Id is BpfDiagnosticId.ProgramRefused or BpfDiagnosticId.HelperMaySleep && ProgramAbilities.FindLack(Question(context, program), errno) is KernelLack lack)
        {
            finding = lack.ToException(BpfCommand.ProgLoad, errno, name).Finding with { Place = finding.Place, KernelWords = finding.KernelWords };
        }

        return new BpfVerifierException(errno, definition.Name, log, finding, hint);
    }

    // The verifier knows but the number of a helper that came after it.
    private static string? DescribeHelper(string log)
    {
        if (MissingHelper().Match(log) is not { Success: true } match || !int.TryParse(match.Groups[1].ValueSpan, out int number)) return null;
        return BpfHelper.GetName(number) is string name && FirstKernels.OfHelper(number) is string first
            ? $"The program calls {name}() (helper {number}), which this kernel does not have; Linux {first} is the first that has it." : null;
    }

    private static BpfException ExplainSilence(LoadContext context, LinkedProgram program, Errno errno, string name, string? hint)
    {
        if (hint is null && errno is not (Errno.EPERM or Errno.EACCES))
        {
            ProgramQuestion question = Question(context, program);
            if (ProgramAbilities.FindLack(question, errno) is KernelLack lack) return lack.ToException(BpfCommand.ProgLoad, errno, name);
            if (errno is Errno.EINVAL or Errno.E2BIG or Errno.EOPNOTSUPP or Errno.ENOTSUPP) hint = ProgramAbilities.Describe(question, errno);
        }

        return Refusal.OfProgram(BpfCommand.ProgLoad, program.Definition.Type, errno, name, hint);
    }

    private static ProgramQuestion Question(LoadContext context, LinkedProgram program)
    {
        BpfProgramDefinition definition = program.Definition;
        context.Targets.TryGetValue(definition, out AttachTarget target);
        return new ProgramQuestion(definition.Type, definition.ExpectedAttachType, definition.LoadFlags)
        {
            TargetType = target.TypeId,
            Target = target.Object,
            Instructions = program.Instructions.Length,
            CallsKernelFunctions = Array.Exists(program.Instructions, static code => code.Code == BpfOpCode.Call && code.Source == BpfPseudo.KernelFunctionCall),
            HasModules = target.Object is not null && !context.Options.AttachPrograms.ContainsKey(definition.Name),
        };
    }

    private static VerifiedProgram Describe(LoadContext context, LinkedProgram program) => RefusedProgram.Describe(context.File, program) with { AskTypesOfHelper = TypesOf };

    // By asking the kernel, type by type; of those that need a target it does not tell.
    private static List<BpfProgramType> TypesOf(int helper)
        => [.. Enum.GetValues<BpfProgramType>().Where(type => type != BpfProgramType.Unspecified && HelperProbe.CanAsk(type) && HelperProbe.Ask(type, helper, out _) == FeatureSupport.Supported)];

    private static BpfFinding? FindPoison(LoadContext context, LinkedProgram program, string log)
    {
        string[] lines = log[..VerifierReport.FindStart(log)].TrimEnd().Split('\n');
        foreach (string line in lines.AsEnumerable().Reverse().Take(LinesOfReason))
        {
            if (UnknownFunction().Match(line) is not { Success: true } match || !int.TryParse(match.Groups[1].ValueSpan, out int number)) continue;
            switch (number)
            {
                case CoRePatcher.PoisonedHelper:
                    return ExplainCoRe(context, program, lines);
                case >= ExternPatcher.MissingFunction when Find(context.File.Externs, number - ExternPatcher.MissingFunction) is BpfExternDefinition function:
                    return At(context, program, log, BpfDiagnosticId.MissingExtern, $"The program calls the kernel function '{function.Name}', which this kernel does not have.", $"Test its address before the call: `if (bpf_ksym_exists({function.Name}))`.");
                case >= ReferencePatcher.MissingMap and < ExternPatcher.MissingFunction when Find(context.File.Maps, number - ReferencePatcher.MissingMap) is BpfMapDefinition map:
                    return At(context, program, log, BpfDiagnosticId.MapNotCreated, $"The program uses the map '{map.Name}', which was not created.", "AutoCreate is off for it, or the kernel lacks global data: create it, or let nothing that runs use it.");
            }
        }

        return null;
    }

    private static BpfFinding At(LoadContext context, LinkedProgram program, string log, BpfDiagnosticId id, string what, string cure)
        => VerifierExplainer.Explain(Describe(context, program), log, Errno.EINVAL) with { Id = id, What = what, Cause = null, Cure = cure, KernelWords = null };

    private static BpfFinding ExplainCoRe(LoadContext context, LinkedProgram program, string[] lines)
    {
        // The line "12: (85) call unknown#195896080" tells which instruction it was.
        for (int i = lines.Length - 1; i >= 0; i--)
        {
            if (PoisonedInstruction().Match(lines[i]) is not { Success: true } match || !int.TryParse(match.Groups[1].ValueSpan, out int at)) continue;
            foreach (AppliedCoRe applied in program.CoRe)
            {
                if ((applied.Instruction == at || applied.Instruction == at - 1) && applied.Result.ToFinding(applied.Outcome, BpfSeverity.Error, context.Kernel.FindElsewhere) is BpfFinding finding) return finding;
            }
        }

        return new BpfFinding
        {
            Id = BpfDiagnosticId.CoReTargetMissing,
            What = "A CO-RE relocation finds nothing on this kernel, and the program does not ask before it uses it.",
            Cure = "Ask before the access whether it is there (bpf_core_field_exists and the like).",
        };
    }

    private static T? Find<T>(IReadOnlyList<T> items, int index)
        where T : class => index >= 0 && index < items.Count ? items[index] : null;

    [GeneratedRegex(@"invalid func \S+#(\d+)")]
    private static partial Regex MissingHelper();

    [GeneratedRegex(@"invalid func unknown#(\d+)")]
    private static partial Regex UnknownFunction();

    [GeneratedRegex(@"^(\d+): \(85\) call unknown#195896080")]
    private static partial Regex PoisonedInstruction();
}
