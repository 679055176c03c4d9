using System.Collections.Generic;
using System.CommandLine;
using Bpf.Tool.Headers;

namespace Bpf.Tool.Commands;

/// <summary><c>bpf gen vmlinux</c>: a kernel's types as a header.</summary>
internal static class GenVmlinuxCommand
{
    private const string Running = "/sys/kernel/btf/vmlinux";

    public static Command Create()
    {
        Option<string?> btf = new("--btf") { Description = "The types: raw BTF, or an ELF file with a section .BTF; by default the running kernel's.", HelpName = "BTF" };
        Option<string[]> sources = new("--for")
        {
            Description = "Only the types that these C sources or objects use.",
            HelpName = "FILE",
            AllowMultipleArgumentsPerToken = true,
        };
        Option<string[]> types = new("--type") { Description = "A type to have besides those that the sources use.", HelpName = "NAME" };
        Option<string[]> folders = new("--include", "-I") { Description = "A folder of headers that the sources include.", HelpName = "FOLDER" };
        Option<string?> output = new("--output", "-o") { Description = "Where to write; by default the standard output.", HelpName = "FILE" };
        var command = new Command("vmlinux", "Writes the types of a kernel as a C header, vmlinux.h.") { btf, sources, types, folders, output };
        command.SetAction(result =>
        {
            string path = result.GetValue(btf) ?? Running;
            string[] files = result.GetValue(sources) ?? [];
            return Generation.Run(path, result.GetValue(output), () =>
            {
                if (files.Length == 0) return VmlinuxHeader.Write(BtfFile.Read(path), null);
                HashSet<string> words = SourceWords.Of(files, result.GetValue(folders) ?? []);
                words.UnionWith(result.GetValue(types) ?? []);
                return VmlinuxHeader.Write(BtfFile.Read(path), words);
            }, keepsSame: true);
        });
        return command;
    }
}
