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
        command.SetAction(result =>
        {
            bool isVerbose = result.GetValue(verbose);
            var loop = new FileLoop<Inspection>
            {
                Examine = Inspection.Of,
                Fail = Inspection.Failed,
                WriteJson = InspectJson.Write,
                Print = inspection => InspectView.Print(inspection, isVerbose),
            };
            return loop.Run(result.GetRequiredValue(files), result.GetValue(json));
        });
        return command;
    }
}
