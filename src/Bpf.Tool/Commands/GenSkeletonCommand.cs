using System.CommandLine;
using System.IO;
using Bpf.Loader;
using Bpf.Tool.Skeletons;

namespace Bpf.Tool.Commands;

/// <summary><c>bpf gen skeleton</c>: a C# class for an object.</summary>
internal static class GenSkeletonCommand
{
    public static Command Create()
    {
        Argument<string> file = CommonOptions.File();
        Option<string?> space = new("--namespace") { Description = "The namespace of the class; none by default.", HelpName = "NAME" };
        Option<string?> name = new("--class") { Description = "The name of the class; by default that of the file: exec_snoop.bpf.o gives ExecSnoop.", HelpName = "NAME" };
        Option<string?> output = new("--output", "-o") { Description = "Where to write; by default the standard output.", HelpName = "FILE" };
        Option<string?> embed = new("--embed") { Description = "The embedded resource that will hold the object; without it, the object is written into the class.", HelpName = "NAME" };
        Option<string[]> types = new("--type") { Description = "A struct, union, enum or typedef to have besides those of maps, variables and events.", HelpName = "NAME" };
        Option<bool> kernels = new("--kernel-btf") { Description = "The assembly carries types of kernels as embedded resources (the item BpfKernelBtf of the build), for kernels that have none." };
        Option<string?> shared = new("--shared") { Description = "Which types are defined elsewhere in the namespace, as bpf gen shared --names wrote them.", HelpName = "FILE" };
        Option<bool> isInternal = new("--internal") { Description = "Make the class internal instead of public." };
        Option<bool> light = new("--light", "-L") { Description = "The object is loaded by a program in the kernel, which is written into the class: no ELF and BTF is read at the start (Linux 5.14)." };
        Option<string[]> sign = new("--sign") { Description = "Sign that program, so that kernels load nothing else in its name: a private key in PEM and its certificate in PEM or DER (Linux 6.18). With --light.", HelpName = "KEY CERTIFICATE", Arity = new ArgumentArity(2, 2), AllowMultipleArgumentsPerToken = true };
        sign.Validators.Add(static pair =>
        {
            if (pair.IdentifierTokenCount > 1) pair.AddError("--sign is given once: a program has one signature.");
        });
        var command = new Command("skeleton", "Writes a C# class for an object: its maps, programs and variables by name, with the structs of their types.")
        {
            file, space, name, output, embed, types, shared, kernels, isInternal, light, sign,
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
                Resource = result.GetValue(embed),
                Types = result.GetValue(types) ?? [],
                BringsKernelBtf = result.GetValue(kernels),
                IsInternal = result.GetValue(isInternal),
                IsLight = result.GetValue(light),
            };
            string[] signs = result.GetValue(sign) ?? [];
            if (signs.Length > 0 && !options.IsLight) return CommandLine.RefuseUsage("gen skeleton", "--sign: only the program of --light is signed.");
            if (options is { IsLight: true, Resource: not null } or { IsLight: true, BringsKernelBtf: true })
                return CommandLine.RefuseUsage("gen skeleton", $"{(options.Resource is null ? "--kernel-btf" : "--embed")}: a class of --light holds all that it needs, and the kernel relocates by its own types.");
            if (options.WrongName() is string wrong) return CommandLine.RefuseUsage("gen skeleton", wrong);
            return Generation.Run(path, result.GetValue(output), () =>
            {
                using LoaderSigner? signer = signs.Length > 0 ? LoaderSigner.Open(signs[0], signs[1]) : null;
                options = options with { Signer = signer };
                SkeletonOptions all = result.GetValue(shared) is string names ? options with { SharedTypes = SharedTypes.In(options.Namespace, File.ReadAllLines(names)) } : options;
                return SkeletonGenerator.Generate(BpfFile.ReadAllBytes(path), all);
            });
        });
        return command;
    }
}
