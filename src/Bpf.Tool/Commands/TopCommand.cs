using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Diagnostics;
using System.IO;
using System.Runtime.Versioning;
using Bpf.Tool.Interop;
using Bpf.Tool.Output;
using Bpf.Tool.Top;

namespace Bpf.Tool.Commands;

/// <summary><c>bpf top</c>: which programs take the time of the CPUs.</summary>
internal static class TopCommand
{
    private static readonly TimeSpan KeyInterval = TimeSpan.FromMilliseconds(50), FirstInterval = TimeSpan.FromMilliseconds(250);

    public static Command Create()
    {
        Option<string> interval = new("--interval") { Description = "How long to watch for each picture, such as 1s, 500ms or 2m.", HelpName = "T", DefaultValueFactory = _ => "1s" };
        Option<string> sort = new("--sort") { Description = "What comes first: the share of a CPU, runs, the time of a run, the time of all runs, or the name or number.", DefaultValueFactory = _ => "cpu" };
        sort.AcceptOnlyFromAmong("cpu", "runs", "each", "total", "name", "id");
        Option<bool> once = new("--once") { Description = "Show one picture, as a table, and end." };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("top", "Shows which programs take the time of the CPUs, with their maps and links, as it changes.") { interval, sort, once, json };
        command.SetAction(result =>
        {
            if (!DurationParser.TryParse(result.GetRequiredValue(interval), out TimeSpan time))
                return CommandLine.RefuseUsage("top", $"--interval {result.GetValue(interval)}: write a time such as 1s, 500ms or 2m.");
            TopOrder order = Enum.Parse<TopOrder>(result.GetRequiredValue(sort), ignoreCase: true);
            return OperatingSystem.IsLinux()
                ? Run(new TopRequest(time, order, result.GetValue(once), result.GetValue(json)))
                : CommandLine.RefuseSystem("top");
        });
        return command;
    }

    [SupportedOSPlatform("linux")]
    private static int Run(TopRequest request)
    {
        try
        {
            using var interruption = new Interruption();
            using var sampler = new TopSampler();
            if (request is { Once: false, Json: false } && TopScreen.IsPossible) Watch(request, sampler, interruption);
            else Print(request, sampler, interruption);
            return ExitCode.Done;
        }
        catch (IOException)
        {
            return ExitCode.Done; // nobody reads on
        }
#pragma warning disable CA1031 // Whatever goes wrong is reported, and has an exit code.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return Refusals.Print(e);
        }
    }

    [SupportedOSPlatform("linux")]
    private static void Print(TopRequest request, TopSampler sampler, Interruption interruption)
    {
        using JsonLines? lines = request.Json ? new JsonLines(StandardOutput.OpenJson()) : null;
        using TextWriter text = request.Json ? TextWriter.Null : new StreamWriter(StandardOutput.OpenText());
        do
        {
            interruption.Wait(request.Interval);
            // What was asked for once is shown, of a shorter time, when it is interrupted.
            if (interruption.Token.IsCancellationRequested && !request.Once) return;
            // Without programs there are no lines, by which it would be noticed that nobody reads them.
            if (OutputState.IsClosed()) return;
            List<TopProgram> programs = TopText.Sort(sampler.Take(), request.Order);
            if (lines is not null)
            {
                foreach (TopProgram program in programs) lines.Write(program, TopJson.Write);
                continue;
            }

            text.WriteLine(TopText.Summary(programs));
            foreach (string line in TopText.Format(programs, request.Order)) text.WriteLine(line);
            if (!request.Once) text.WriteLine();
            text.Flush();
        }
        while (!request.Once);
    }

    [SupportedOSPlatform("linux")]
    private static void Watch(TopRequest request, TopSampler sampler, Interruption interruption)
    {
        using var screen = new TopScreen();
        TopOrder order = request.Order;
        IReadOnlyList<TopProgram> programs = [];
        long next = Stopwatch.GetTimestamp() + Ticks(request.Interval < FirstInterval ? request.Interval : FirstInterval);
        while (!interruption.Token.IsCancellationRequested)
        {
            bool changed = screen.ReadKeys(ref order, out bool quit);
            if (quit) return;
            if (Stopwatch.GetTimestamp() >= next)
            {
                programs = sampler.Take();
                next = Stopwatch.GetTimestamp() + Ticks(request.Interval);
                changed = true;
            }

            if (changed) screen.Paint(TopText.Sort(programs, order), order);
            interruption.Wait(KeyInterval);
        }
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);
}
