using System.CommandLine;
using System.IO;
using Bpf.Loader;
using Bpf.Tool.Skeletons;

namespace Bpf.Tool.Commands;

/// <summary><c>bpf gen subskeleton</c>: a C# class for a part of an object.</summary>
internal static class GenSubskeletonCommand
{
    public static Command Create()
    {
        Argument<string> file = CommonOptions.File(description: "The object file of the part, as it is before it is linked.");
        Option<string?> space = new("--namespace") { Description = "The namespace of the class; none by default.", HelpName = "NAME" };
        Option<string?> name = new("--class") { Description = "The name of the class; by default that of the file: exec_snoop.bpf.o gives ExecSnoop.", HelpName = "NAME" };
        Option<string?> output = new("--output", "-o") { Description = "Where to write; by default the standard output.", HelpName = "FILE" };
        Option<string[]> types = new("--type") { Description = "A struct, union, enum or typedef to have besides those of maps and variables.", HelpName = "NAME" };
        Option<string?> shared = new("--shared") { Description = "Which types are defined elsewhere in the namespace, as bpf gen shared --names wrote them.", HelpName = "FILE" };
        Option<bool> isInternal = new("--internal") { Description = "Make the class internal instead of public." };
        var command = new Command(
            "subskeleton", "Writes a C# class for a part of an object, such as a library that is linked into others: it finds its maps, programs and variables in an object that somebody else opened.")
        {
            file, space, name, output, types, shared, isInternal,
        };
        command.SetAction(result =>
        {
            string path = result.GetRequiredValue(file);
            string fileName = Path.GetFileName(path);
            var options = new SkeletonOptions
            {
                FileName = fileName,
                ClassName = result.GetValue(name) ?? SkeletonOptions.ClassOf(fileName),
                Namespace = result.GetValue(space),
                Types = result.GetValue(types) ?? [],
                IsInternal = result.GetValue(isInternal),
            };
            if (options.WrongName() is string wrong) return CommandLine.RefuseUsage("gen subskeleton", wrong);
            return Generation.Run(path, result.GetValue(output), () => SubSkeletonGenerator.Generate(
                BpfFile.ReadAllBytes(path),
                result.GetValue(shared) is string names ? options with { SharedTypes = SharedTypes.In(options.Namespace, File.ReadAllLines(names)) } : options));
        });
        return command;
    }
}
