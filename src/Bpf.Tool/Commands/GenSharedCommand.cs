using System;
using System.CommandLine;
using System.IO;
using System.Linq;
using Bpf.Loader;
using Bpf.Tool.Skeletons;

namespace Bpf.Tool.Commands;

/// <summary><c>bpf gen shared</c>: the structs that several objects have, once.</summary>
internal static class GenSharedCommand
{
    private const int Parts = 5;

    public static Command Create()
    {
        Argument<string> list = new("LIST") { Description = "A file with a line for each object: FILE|CLASS|NAMESPACE|true or false for internal|TYPE,TYPE,... Class and types may be empty." };
        Option<string> output = new("--output", "-o") { Description = "Where to write the types.", HelpName = "FILE", Required = true };
        Option<string> names = new("--names") { Description = "Where to write which types these are, for bpf gen skeleton --shared.", HelpName = "FILE", Required = true };
        var command = new Command("shared", "Writes the C# types that several objects of a project have, once for all their classes.") { list, output, names };
        command.SetAction(result =>
        {
            string path = result.GetRequiredValue(list);
            SharedTypes? shared = null;
            int code = Generation.Run(path, result.GetRequiredValue(output), () => (shared = Find(path)).Generate(), keepsSame: true);
            if (code != ExitCode.Done) return code;
            return Generation.Run(path, result.GetRequiredValue(names), () => string.Concat(shared!.Names.Select(name => name + "\n")), keepsSame: true);
        });
        return command;
    }

    private static SharedTypes Find(string path) =>
        SharedTypes.Of([.. File.ReadAllLines(path).Where(line => line.Length > 0).Select(line => Parse(path, line))]);

    private static (byte[] Image, SkeletonOptions Options) Parse(string path, string line)
    {
        string[] parts = line.Split('|');
        if (parts.Length != Parts) throw new SkeletonException($"{path}: '{line}' has {parts.Length} parts between bars, and not {Parts}.");
        string fileName = Path.GetFileName(parts[0]);
        return (BpfFile.ReadAllBytes(parts[0]), new SkeletonOptions
        {
            FileName = fileName,
            ClassName = parts[1].Length > 0 ? parts[1] : SkeletonOptions.ClassOf(fileName),
            Namespace = parts[2].Length > 0 ? parts[2] : null,
            IsInternal = parts[3].Equals("true", StringComparison.OrdinalIgnoreCase),
            Types = parts[4].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        });
    }
}
