using System;
using System.CommandLine;
using System.Runtime.Versioning;
using Bpf.Tool.Output;

namespace Bpf.Tool.Commands;

/// <summary><c>bpf verify</c>: would this kernel take these programs?</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        Argument<string[]> files = CommonOptions.Files();
        Option<bool> each = new("--each")
        {
            Description = "Load each program alone, optional ones too, so that one refusal hides no other.",
        };
        Option<string?> btf = CommonOptions.Btf();
        Option<bool> json = CommonOptions.Json(), verbose = CommonOptions.Verbose();
        var command = new Command("verify", "Loads programs to hear what the verifier says, and lets go of them.") { files, each, btf, json, verbose };
        command.SetAction(result =>
        {
            if (!OperatingSystem.IsLinux())
                return CommandLine.RefuseSystem("verify");
            return Run(new Verifier(result.GetValue(btf), result.GetValue(each)), result.GetRequiredValue(files), result.GetValue(json), result.GetValue(verbose));
        });
        return command;
    }

    [SupportedOSPlatform("linux")]
    private static int Run(Verifier verifier, string[] files, bool json, bool verbose)
    {
        var loop = new FileLoop<Verification>
        {
            Examine = verifier.Verify,
            Fail = static (path, failure) => new Verification(path) { OpenFailure = failure },
            WriteJson = (writer, verification) => VerifyJson.Write(writer, verification, verbose),
            Print = verification => VerifyView.Print(verification, verbose),
        };
        return loop.Run(files, json);
    }
}
