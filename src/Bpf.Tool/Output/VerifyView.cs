using System.Globalization;
using System.Linq;
using Bpf.Loader.Objects;
using Bpf.Tool.Commands;
using Spectre.Console;

namespace Bpf.Tool.Output;

/// <summary>What <c>bpf verify</c> shows to people: what is wrong first, then what is right.</summary>
internal static class VerifyView
{
    public static void Print(Verification verification, bool verbose)
    {
        Screen.Verdict(verification.Path, verification.Failure is null, verification.Failure?.Word);
        if (verification.Failure is { } failure && verification.Programs.All(program => program.Failure is null))
            Screen.Error(failure);
        foreach (ProgramVerdict program in verification.Programs)
        {
            if (program.Failure is null)
                continue;
            Screen.Note($"{program.Definition.Name}  {program.Definition.SectionName}");
            Screen.Error(program.Failure);
            if (program.Failure.Log is not { Length: > 0 } log)
                continue;
            if (verbose)
                Screen.Plain(log);
            else
                Screen.Note("--verbose shows the verifier's whole log.");
        }

        Programs(verification);
        if (verbose)
            Maps(verification);
    }

    private static void Programs(Verification verification)
    {
        Table table = Screen.Table("", "program", "section", ">insns", ">translated", ">verified", "tag");
        foreach (ProgramVerdict program in verification.Programs)
        {
            BpfProgramDefinition definition = program.Definition;
            string mark = program.Info is not null ? "[green]ok[/]" : program.Failure is not null ? "[red]no[/]" : "[dim]-[/]";
            table.AddRow(
                new Markup(mark),
                new Text(Printable.Text(definition.Name)),
                new Text(Printable.Text(definition.SectionName)),
                new Text(definition.InstructionCount.ToString(CultureInfo.InvariantCulture)),
                new Text(program.Info is { } info ? $"{info.XlatedLength} B" : ""),
                new Text(program.Info?.VerifiedInstructions.ToString(CultureInfo.InvariantCulture) ?? ""),
                new Text(program.Info?.Tag ?? ""));
        }

        Screen.Write(table);
    }

    private static void Maps(Verification verification)
    {
        Table table = Screen.Table("map", "type", ">key", ">value", ">entries");
        foreach (MapVerdict map in verification.Maps)
        {
            table.AddTextRow(
                map.Definition.Name, map.Definition.Type.ToString(), map.Definition.KeySize.ToString(CultureInfo.InvariantCulture),
                map.ValueSize.ToString(CultureInfo.InvariantCulture), map.MaxEntries.ToString(CultureInfo.InvariantCulture));
        }

        Screen.Write(table);
    }
}
