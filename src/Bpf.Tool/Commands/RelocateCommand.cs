using System.CommandLine;
using Bpf.Tool.Output;

namespace Bpf.Tool.Commands;

/// <summary><c>bpf relocate</c>: what would reach the verifier, without asking it.</summary>
internal static class RelocateCommand
{
    public static Command Create()
    {
        Argument<string[]> files = CommonOptions.Files();
        Option<string?> btf = CommonOptions.Btf();
        Option<bool> dump = new("--dump") { Description = "Print the final instructions." };
        Option<bool> json = CommonOptions.Json(), verbose = CommonOptions.Verbose();
        var command = new Command("relocate", "Links and relocates programs without loading them, and prints the tags that they would have.") { files, btf, dump, json, verbose };
        command.SetAction(result => Run(
            new Relocator(result.GetValue(btf)), result.GetRequiredValue(files), result.GetValue(dump), result.GetValue(json), result.GetValue(verbose)));
        return command;
    }

    private static int Run(Relocator relocator, string[] files, bool dump, bool json, bool verbose)
    {
        int exitCode = ExitCode.Done;
        using JsonLines? lines = json ? new JsonLines() : null;
        foreach (string file in files)
        {
            OfflineResult result = relocator.Relocate(file);
            if (!result.IsGood)
                exitCode = ExitCode.Refused;
            if (lines is not null)
                lines.Write((result, dump), RelocateJson.Write);
            else
                RelocateView.Print(result, dump, verbose);
        }

        return exitCode;
    }
}
