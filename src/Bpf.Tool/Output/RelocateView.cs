using System;
using System.Globalization;
using System.Linq;
using Bpf.Loader;
using Bpf.Loader.Instructions;
using Bpf.Loader.Objects;
using Bpf.Loader.Relocation;
using Bpf.Tool.Commands;
using Spectre.Console;

namespace Bpf.Tool.Output;

/// <summary>What <c>bpf relocate</c> shows to people.</summary>
internal static class RelocateView
{
    public static void Print(OfflineResult result, bool dump, bool verbose)
    {
        Screen.Verdict(result.Path, result.IsGood, result.Failure?.Word ?? "failed");
        if (result.Failure is { } failure)
            Screen.Error(failure);
        Table table = Screen.Table("program", "section", ">insns", ">CO-RE", "tag (up to 6.17)", "tag (from 6.18)");
        foreach (BpfRelocatedProgram program in result.Programs)
        {
            BpfProgramDefinition definition = program.Definition;
            if (program.Failure is { } reason)
            {
                Screen.Note($"{definition.Name}  {definition.SectionName}");
                Screen.Error(Failure.Of(reason));
                continue;
            }

            table.AddTextRow(
                definition.Name, definition.SectionName, program.Instructions.Length.ToString(CultureInfo.InvariantCulture),
                program.CoRe.Count == 0 ? "" : program.CoRe.Count.ToString(CultureInfo.InvariantCulture),
                ProgramTag.Sha1(program.Instructions.Span, result.IsBigEndian), ProgramTag.Sha256(program.Instructions.Span, result.IsBigEndian));
        }

        Screen.Write(table);
        foreach (BpfRelocatedProgram program in result.Programs)
        {
            foreach (BpfFinding finding in program.Diagnostics) Screen.Note(finding);
            if (dump)
                Dump(program);
            if (verbose)
                Explain(program);
        }
    }

    private static void Dump(BpfRelocatedProgram program)
    {
        var starts = program.Functions.ToDictionary(static function => function.Start, static function => function.Name);
        ReadOnlySpan<BpfInstruction> code = program.Instructions.Span;
        BpfLocation last = default;
        for (int i = 0; i < code.Length; i++)
        {
            if (starts.TryGetValue(i, out string? name))
                Screen.Heading(i == 0 ? program.Definition.ToString() : name);

            // A line that goes on is not repeated, as in the verifier's log.
            if (program.TryFindLine(i, out BpfLocation line) && line != last)
            {
                Screen.Note($"; {line.SourceText} @ {line.SourceFile}:{line.SourceLine}");
                last = line;
            }

            Screen.Plain(Printable.Text(BpfDisassembler.FormatLine(code, i, program.NameReference)));
            if (code[i].IsLoadImmediate64)
                i++;
        }

        Screen.Plain("");
    }

    // What every CO-RE relocation came to, in libbpf's words.
    private static void Explain(BpfRelocatedProgram program)
    {
        Table table = Screen.Table($"CO-RE in {program.Definition.Name}", ">insn", "in the object", "in the kernel", ">was", ">is");
        foreach (AppliedCoRe applied in program.CoRe)
        {
            CoReResult core = applied.Result;
            table.AddTextRow(
                core.Location.ToString(), applied.Instruction.ToString(CultureInfo.InvariantCulture), core.Local.ToString(), core.Target?.ToString() ?? "missing",
                core.OriginalValue.ToString(CultureInfo.InvariantCulture), core.NewValue.ToString(CultureInfo.InvariantCulture));
        }

        Screen.Write(table);
    }
}
