using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Text.Json;
using Bpf.Loader;
using Bpf.Tool.Output;

namespace Bpf.Tool.Commands;

/// <summary><c>bpf explain</c>: what a verifier's log from anywhere means, or the id of a finding.</summary>
internal static class ExplainCommand
{
    private const string StandardInput = "-";

    public static Command Create()
    {
        Argument<string> log = new("LOG|ID") { Description = "A verifier's log (- for standard input), or an id such as BPF4101." };
        Option<string?> file = new("--object") { Description = "The object that was loaded: the explanation then knows maps, members and lines of C." };
        Option<string?> program = new("--program") { Description = "Which program of the object; needed when it has several." };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("explain", "Explains what the verifier of any kernel said of a program, or what an id means.") { log, file, program, json };
        command.SetAction(result =>
        {
            try
            {
                if (DiagnosticPage.TryParse(result.GetRequiredValue(log), out int number)) return DiagnosticView.Print(number, result.GetValue(json));
                BpfFinding finding = Explain(Read(result.GetRequiredValue(log)), result.GetValue(file), result.GetValue(program));
                Print(finding, result.GetValue(json));
                return ExitCode.Done;
            }
            catch (UsageException e)
            {
                return CommandLine.RefuseUsage("explain", e.Message);
            }
            catch (Exception e) when (e is BpfLoaderException or IOException or UnauthorizedAccessException)
            {
                return Refusals.Print(e);
            }
        });
        return command;
    }

    private static string Read(string path) => path == StandardInput ? Console.In.ReadToEnd() : File.ReadAllText(path);

    private static BpfFinding Explain(string log, string? path, string? name)
    {
        if (path is null) return BpfVerifierException.Explain(log);
        IReadOnlyList<BpfRelocatedProgram> programs = BpfObjectFile.Open(path).Relocate(null);
        BpfRelocatedProgram[] chosen = [.. programs.Where(program => name is null || program.Definition.Name == name)];
        return chosen.Length == 1
            ? chosen[0].Explain(log)
            : throw new UsageException($"--program names which of {string.Join(", ", programs.Select(program => program.Definition.Name))} the log is about.");
    }

    private static void Print(BpfFinding finding, bool json)
    {
        if (!json)
        {
            Screen.Plain(finding.ToString(Screen.Width));
            return;
        }

        using var lines = new JsonLines();
        lines.Write(finding, Write);
    }

    private static void Write(Utf8JsonWriter json, BpfFinding finding)
    {
        json.WriteStartObject();
        FindingJson.Write(json, finding);
        json.WriteEndObject();
    }
}
