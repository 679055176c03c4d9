using System;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using Bpf.Tool.Output;

namespace Bpf.Tool.Commands.Batch;

/// <summary><c>bpf batch</c>: commands from a file, as bpftool has it.</summary>
internal static class BatchCommand
{
    public static Command Create()
    {
        Argument<string> path = CommonOptions.FileOrInput("FILE", "A file with a command on each line, without 'bpf' before it; - for the standard input.");
        Option<bool> json = CommonOptions.Json();
        var file = new Command("file", "Runs the commands of a file up to the first that fails. # begins a comment, \\ at the end of a line goes on in the next, quotes hold words together.") { path, json };
        file.SetAction(result => Run(result.GetRequiredValue(path), result.GetValue(json)));
        return new Command("batch", "Runs commands from a file.") { file };
    }

    private static int Run(string path, bool json)
    {
        string name = path == "-" ? "standard input" : path;
        int count = 0;
        try
        {
            using TextReader reader = path == "-" ? Console.In : new StreamReader(path);
            foreach ((int line, string[] words) in BatchFile.Read(reader, name))
            {
                if (words[0] == "batch") throw new UsageException($"{name}:{line}: A batch runs no other one.");
                int code = json ? RunForPrograms(words) : CommandLine.Run(words);
                count++;
                if (code == ExitCode.Done) continue;
                Console.Error.WriteLine($"bpf: {Printable.Text($"{name}:{line}: '{string.Join(' ', words)}' failed; the commands behind it were not run.")}");
                return code;
            }
        }
        catch (UsageException e)
        {
            return CommandLine.RefuseUsage("batch file", e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Refusals.Print(e);
        }

        if (!json) Console.WriteLine($"processed {count.ToString(CultureInfo.InvariantCulture)} commands");
        return ExitCode.Done;
    }

    // What a command prints becomes the list "output" of its one line.
    private static int RunForPrograms(string[] words)
    {
        using var output = new MemoryStream();
        StandardOutput.RedirectedJson = output;
        int code;
        try
        {
            code = CommandLine.Run(words.Contains("--json") ? words : [.. words, "--json"]);
        }
        finally
        {
            StandardOutput.RedirectedJson = null;
        }

        using var lines = new JsonLines();
        lines.Write((words, output: output.ToArray()), static (json, item) =>
        {
            json.WriteStartObject();
            json.WriteStartArray("command");
            foreach (string word in item.words) json.WriteStringValue(word);
            json.WriteEndArray();
            json.WriteStartArray("output");
            using var reader = new StringReader(Encoding.UTF8.GetString(item.output));
            while (reader.ReadLine() is string line) json.WriteRawValue(line);
            json.WriteEndArray();
            json.WriteEndObject();
        });
        return code;
    }
}
