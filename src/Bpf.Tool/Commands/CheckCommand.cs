using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Text;
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
        Option<string[]> btf = new("--btf")
        {
            Description = "The types of kernels, after the objects: raw BTF, ELF files with a section .BTF, or kernels as they are installed (vmlinuz).",
            HelpName = "BTF",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        Option<string> root = new("--root") { Description = "The folder that the paths of sources start from.", DefaultValueFactory = _ => ".", HelpName = "FOLDER" };
        Option<string?> html = new("--html") { Description = "Writes a report for people too, one HTML file that can be kept with a release.", HelpName = "REPORT" };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("check", "Checks objects against the types of kernels: what would fail there, at its line of C, and which object works on which kernel.") { files, btf, root, html, json };
        command.SetAction(result =>
        {
            if (ReadKernels(result.GetRequiredValue(btf)) is not { } kernels) return ExitCode.Refused;
            var checkedFiles = new List<Portability>();
            var loop = new FileLoop<Portability>
            {
                Examine = file => Keep(Portability.Of(file, kernels)),
                Fail = (file, failure) => Keep(new Portability(file, failure, [])),
                WriteJson = CheckJson.Write,
                Print = portability =>
                {
                    foreach (string line in portability.Lines(result.GetRequiredValue(root))) Console.WriteLine(line);
                },
            };
            bool isJson = result.GetValue(json);
            int exitCode = loop.Run(result.GetRequiredValue(files), isJson);
            string[] names = [.. kernels.Select(kernel => kernel.Name)];
            if (!isJson) PortabilityTable.Print(checkedFiles, names);
            if (result.GetValue(html) is string report) WholeFile.Write(report, Encoding.UTF8.GetBytes(PortabilityReport.Of(checkedFiles, names)));
            return exitCode;

            Portability Keep(Portability portability)
            {
                checkedFiles.Add(portability);
                return portability;
            }
        });
        return command;
    }

    private static List<(string Name, TargetTypes Types)>? ReadKernels(string[] paths)
    {
        var kernels = new List<(string, TargetTypes)>();
        foreach (string path in paths)
        {
            try
            {
                // The file's whole name, which says the kernel's version; its folder too where another file has that name.
                string name = Path.GetFileName(path);
                if (paths.Count(other => Path.GetFileName(other) == name) > 1) name = path;
                kernels.Add((name, new TargetTypes(BtfFile.Read(path))));
            }
            catch (BpfFormatException e)
            {
                Console.Error.WriteLine(BuildLine.Of(e.Finding, path));
                return null;
            }
        }

        return kernels;
    }
}
