using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Runtime.Versioning;
using Bpf.Loader;
using Bpf.Tool.Output;

namespace Bpf.Tool.Commands.Binaries;

/// <summary><c>bpf list</c>: what executables and libraries offer to probes.</summary>
internal static class ListCommand
{
    public static Command Create() => new("list", "Lists what an executable or library offers to probes.")
    {
        Create("functions", "Lists the functions that can be probed by name (uprobe/BINARY:FUNCTION), with their offsets in the file.", hasProbes: false),
        Create("usdt", "Lists the USDT probes (usdt/BINARY:PROVIDER:NAME), with their places and arguments.", hasProbes: true),
    };

    private static Command Create(string name, string description, bool hasProbes)
    {
        Argument<string?> binary = new("BINARY")
        {
            Description = "A path; a name such as libssl.so.3 or bash, which is looked for; or ARCHIVE!/ENTRY. With --pid it may be left out for all that the process runs.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<int?> pid = new("--pid") { Description = "The process whose files are meant, such as one in a container, and whose libraries are.", HelpName = "PID" };
        Option<bool> json = CommonOptions.Json();
        var command = new Command(name, description) { binary, pid, json };
        command.SetAction(result =>
        {
            if (!OperatingSystem.IsLinux()) return CommandLine.RefuseSystem($"list {name}");
            string? path = result.GetValue(binary);
            int? process = result.GetValue(pid);
            if (string.IsNullOrEmpty(path) && process is null) return CommandLine.RefuseUsage($"list {name}", "A binary is needed, or --pid.");
            return Run(path, process, result.GetValue(json), hasProbes);
        });
        return command;
    }

    [SupportedOSPlatform("linux")]
    private static int Run(string? path, int? process, bool json, bool hasProbes)
    {
        try
        {
            using JsonLines? lines = json ? new JsonLines() : null;
            IReadOnlyList<BpfBinary> binaries = string.IsNullOrEmpty(path) ? BpfBinary.OpenMapped(process!.Value) : [BpfBinary.Open(path, process)];
            foreach (BpfBinary binary in binaries)
            {
                using (binary)
                {
                    if (hasProbes) BinaryListing.UsdtProbes(binary, lines);
                    else BinaryListing.Functions(binary, lines);
                }
            }

            return ExitCode.Done;
        }
        catch (BpfLoaderException e)
        {
            return Refusals.Print(e);
        }
    }
}
