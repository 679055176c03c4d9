using System.CommandLine;
using Bpf.Tool.Output;

namespace Bpf.Tool.Commands;

/// <summary><c>bpf relocate</c>: what would reach the verifier, without asking it.</summary>
internal static class RelocateCommand
{
    public static Command Create()
    {
        Argument<string[]> files = CommonOptions.Files();
        Option<string[]> btf = new("--btf")
        {
            Description = "The types to relocate against, instead of the running kernel's: raw BTF, or an ELF file with a section .BTF. Further ones are those of the kernel's modules.",
            HelpName = "BTF",
        };
        Option<bool> dump = new("--dump") { Description = "Print the final instructions." };
        Option<bool> json = CommonOptions.Json(), verbose = CommonOptions.Verbose();
        var command = new Command("relocate", "Links and relocates programs without loading them, and prints the tags that they would have.") { files, btf, dump, json, verbose };
        command.SetAction(result =>
        {
            var relocator = new Relocator(result.GetValue(btf) ?? []);
            bool isDumped = result.GetValue(dump), isVerbose = result.GetValue(verbose);
            var loop = new FileLoop<OfflineResult>
            {
                Examine = relocator.Relocate,
                Fail = static (path, failure) => new OfflineResult(path, failure, false, []),
                WriteJson = (writer, offline) => RelocateJson.Write(writer, offline, isDumped),
                Print = offline => RelocateView.Print(offline, isDumped, isVerbose),
            };
            return loop.Run(result.GetRequiredValue(files), result.GetValue(json));
        });
        return command;
    }
}
