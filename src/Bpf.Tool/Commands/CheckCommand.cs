using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using Bpf.Loader;
using Bpf.Loader.Relocation;
using Bpf.Tool.Output;

namespace Bpf.Tool.Commands;

/// <summary><c>bpf check</c>: what would fail on kernels whose types are at hand.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        Argument<string[]> files = CommonOptions.Files();
        Option<string[]> btf = new("--btf") { Description = "The types of a kernel: raw BTF, or an ELF file with a section .BTF. Several may be given.", HelpName = "BTF", Required = true };
        Option<string> root = new("--root") { Description = "The folder that the paths of sources start from.", DefaultValueFactory = _ => ".", HelpName = "FOLDER" };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("check", "Checks objects against the types of kernels: what would fail there, at its line of C.") { files, btf, root, json };
        command.SetAction(result =>
        {
            var kernels = new List<(string, TargetTypes)>();
            foreach (string path in result.GetRequiredValue(btf))
            {
                try
                {
                    kernels.Add((Path.GetFileNameWithoutExtension(path), new TargetTypes(BtfFile.Read(path))));
                }
                catch (BpfFormatException e)
                {
                    Console.Error.WriteLine($"{Path.GetFullPath(path)} : error {e.Id.ToCode()}: {e.Message}");
                    return ExitCode.Refused;
                }
            }

            var loop = new FileLoop<Portability>
            {
                Examine = file => Portability.Of(file, kernels),
                Fail = static (file, failure) => new Portability(file, failure, []),
                WriteJson = CheckJson.Write,
                Print = portability =>
                {
                    foreach (string line in portability.Lines(result.GetRequiredValue(root))) Console.WriteLine(line);
                },
            };
            return loop.Run(result.GetRequiredValue(files), result.GetValue(json));
        });
        return command;
    }
}
