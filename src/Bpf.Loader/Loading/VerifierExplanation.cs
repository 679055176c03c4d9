using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using Bpf.Loader.Diagnostics;
using Bpf.Loader.Interop;
using Bpf.Loader.Objects;
using Bpf.Loader.Relocation;

namespace Bpf.Loader.Loading;

/// <summary>
/// Says what the verifier cannot know: that the call of a function with an odd number stands for a relocation that found nothing
/// on this kernel, a map that was not created, or a kernel function that does not exist.
/// </summary>
[SupportedOSPlatform("linux")]
internal static partial class VerifierExplanation
{
    // The last lines of a log say why; "invalid func unknown#N" is the verifier's answer to a poisoned instruction.
    private const int LinesOfReason = 10;

    public static BpfException Explain(LoadContext context, LinkedProgram program, Errno errno, string log)
    {
        BpfProgramDefinition definition = program.Definition;
        string? hint = context.Delegation?.ExplainProgram(definition.Type, definition.ExpectedAttachType, errno) ?? Refusal.HintForProgram(definition.Type, errno);
        if (log.Length == 0) return Refusal.OfProgram(BpfCommand.ProgLoad, definition.Type, errno, $"program '{definition.Name}'", hint);
        return new BpfVerifierException(errno, definition.Name, log, FindPoison(context, program, log), hint);
    }

    private static string? FindPoison(LoadContext context, LinkedProgram program, string log)
    {
        string[] lines = log[..VerifierReport.FindStart(log)].TrimEnd().Split('\n');
        foreach (string line in lines.AsEnumerable().Reverse().Take(LinesOfReason))
        {
            if (UnknownFunction().Match(line) is not { Success: true } match || !int.TryParse(match.Groups[1].ValueSpan, out int number)) continue;
            switch (number)
            {
                case CoRePatcher.PoisonedHelper:
                    return ExplainCoRe(program, lines);
                case >= ExternPatcher.MissingFunction when Find(context.File.Externs, number - ExternPatcher.MissingFunction) is BpfExternDefinition function:
                    return $"The program calls the kernel function '{function.Name}', which this kernel does not have: test its address before the call.";
                case >= ReferencePatcher.MissingMap and < ExternPatcher.MissingFunction when Find(context.File.Maps, number - ReferencePatcher.MissingMap) is BpfMapDefinition map:
                    return $"The program uses the map '{map.Name}', which was not created (AutoCreate is off, or the kernel lacks global data).";
            }
        }

        return null;
    }

    private static string ExplainCoRe(LinkedProgram program, string[] lines)
    {
        // The line "12: (85) call unknown#195896080" tells which instruction it was.
        for (int i = lines.Length - 1; i >= 0; i--)
        {
            if (PoisonedInstruction().Match(lines[i]) is not { Success: true } match || !int.TryParse(match.Groups[1].ValueSpan, out int at)) continue;
            foreach (AppliedCoRe applied in program.CoRe)
            {
                if ((applied.Instruction == at || applied.Instruction == at - 1) && applied.Result.Explain(applied.Outcome) is string reason)
                    return $"{applied.Result.Location}: {reason} Ask before the access whether it is there (bpf_core_field_exists and the like). The relocation is {applied.Result.Local}.";
            }
        }

        return "A CO-RE relocation finds nothing on this kernel, and the program does not ask before it uses it (bpf_core_field_exists and the like).";
    }

    private static T? Find<T>(IReadOnlyList<T> items, int index)
        where T : class => index >= 0 && index < items.Count ? items[index] : null;

    [GeneratedRegex(@"invalid func unknown#(\d+)")]
    private static partial Regex UnknownFunction();

    [GeneratedRegex(@"^(\d+): \(85\) call unknown#195896080")]
    private static partial Regex PoisonedInstruction();
}
