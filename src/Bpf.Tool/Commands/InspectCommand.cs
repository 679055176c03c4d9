using System.CommandLine;
using Bpf.Tool.Output;

namespace Bpf.Tool.Commands;

/// <summary><c>bpf inspect</c>: what an object file says, without asking any kernel.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        Argument<string[]> files = CommonOptions.Files();
        Option<bool> json = CommonOptions.Json(), verbose = CommonOptions.Verbose();
        var command = new Command("inspect", "Shows what object files hold: programs, maps, variables, externs, relocations, types.") { files, json, verbose };
        command.SetAction(result => Run(result.GetRequiredValue(files), result.GetValue(json), result.GetValue(verbose)));
        return command;
    }

    private static int Run(string[] files, bool json, bool verbose)
    {
        int exitCode = ExitCode.Done;
        using JsonLines? lines = json ? new JsonLines() : null;
        foreach (string file in files)
        {
            Inspection inspection = Inspection.Of(file);
            if (inspection.Failure is not null)
                exitCode = ExitCode.Refused;
            if (lines is not null)
                lines.Write(inspection, InspectJson.Write);
            else
                InspectView.Print(inspection, verbose);
        }

        return exitCode;
    }
}
