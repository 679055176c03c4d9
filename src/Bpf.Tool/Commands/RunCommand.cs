using System;
using System.CommandLine;
using System.Runtime.Versioning;
using Bpf.Tool.Output;

namespace Bpf.Tool.Commands;

/// <summary><c>bpf run</c>: attaches programs and prints what they send.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        Argument<string> file = CommonOptions.File();
        Option<string[]> set = new("--set")
        {
            Description = "Give a global variable another value before the load; for parts of it, write NAME.MEMBER or NAME[INDEX].",
            HelpName = "NAME=VALUE",
        };
        Option<string?> duration = new("--duration") { Description = "Stop after that time, such as 5s, 500ms or 2m.", HelpName = "T" };
        Option<string[]> events = new("--event")
        {
            Description = "Say what type the records of a ring or perf buffer have. By default it is what a variable MAP_event points to.",
            HelpName = "MAP=TYPE",
        };
        Option<string?> machine = new("--machine")
        {
            Description = "Attach nothing: run the programs of packets in user space, on those of a capture by tcpdump -w, and print what they decide.",
            HelpName = "PCAP",
        };
        Option<string?> program = new("--program") { Description = "With --machine, run this program only.", HelpName = "NAME" };
        Option<string?> btf = CommonOptions.Btf();
        Option<bool> json = CommonOptions.Json(), verbose = CommonOptions.Verbose();
        var command = new Command("run", "Loads an object, attaches its programs, and prints the events that they send.") { file, set, duration, events, machine, program, btf, json, verbose };
        command.SetAction(result =>
        {
            TimeSpan? time = null;
            if (result.GetValue(duration) is string text)
            {
                if (!DurationParser.TryParse(text, out TimeSpan parsed))
                    return CommandLine.RefuseUsage("run", $"--duration {text}: write a time such as 5s, 500ms or 2m.");
                time = parsed;
            }

            var request = new RunRequest(result.GetRequiredValue(file))
            {
                Assignments = result.GetValue(set) ?? [],
                Events = result.GetValue(events) ?? [],
                Duration = time,
                Btf = result.GetValue(btf),
                Json = result.GetValue(json),
                Packets = result.GetValue(machine),
                Program = result.GetValue(program),
                Verbose = result.GetValue(verbose),
            };
            if (request is { Program: not null, Packets: null })
                return CommandLine.RefuseUsage("run", "--program goes with --machine.");
            if (request.Packets is not null)
                return Run(request, () => new MachineRun(request).Run());
            return OperatingSystem.IsLinux() ? RunOnKernel(request) : CommandLine.RefuseSystem("run");
        });
        return command;
    }

    [SupportedOSPlatform("linux")]
    private static int RunOnKernel(RunRequest request) => Run(request, () =>
    {
        using var session = new RunSession(request);
        return session.Run();
    });

    private static int Run(RunRequest request, Func<int> run)
    {
        try
        {
            return run();
        }
        catch (UsageException e)
        {
            return CommandLine.RefuseUsage("run", e.Message);
        }
#pragma warning disable CA1031 // Whatever goes wrong is reported, and has an exit code.
        catch (Exception e)
#pragma warning restore CA1031
        {
            var failure = Failure.Of(e);
            Refusals.Print(failure, request.File);
            if (failure.Log is { Length: > 0 } log)
                Console.Error.WriteLine(request.Verbose ? Printable.Lines(log) : "--verbose shows the verifier's whole log.");
            return ExitCode.Refused;
        }
    }
}
