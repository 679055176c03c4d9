using System;
using System.CommandLine;
using System.Diagnostics;
using System.IO;
using System.Runtime.Versioning;
using System.Threading;
using Bpf.Loader.Symbols;
using Bpf.Tool.Output;
using Bpf.Tool.Profiling;

namespace Bpf.Tool.Commands;

/// <summary><c>bpf profile</c>: where the CPUs spend their time.</summary>
internal static class ProfileCommand
{
    private const ulong HighestFrequency = 10_000; // what the kernel lets by default: kernel.perf_event_max_sample_rate

    private static readonly TimeSpan CaptureInterval = TimeSpan.FromMilliseconds(100);

    public static Command Create()
    {
        Option<uint> pid = new("--pid") { Description = "Sample this process only.", HelpName = "PID" };
        // 99 and not 100, lest the samples fall into step with what happens each hundredth of a second.
        Option<ulong> frequency = new("--frequency") { Description = "Take so many samples a second on each CPU.", HelpName = "N", DefaultValueFactory = _ => 99 };
        Option<string?> duration = new("--duration") { Description = "Stop after that time, such as 5s, 500ms or 2m; by default at Ctrl-C.", HelpName = "T" };
        Option<string> output = new("--output", "-o") { Description = "The format: folded stacks, a flame graph, pprof, or speedscope.", DefaultValueFactory = _ => "folded" };
        output.AcceptOnlyFromAmong("folded", "svg", "pprof", "speedscope");
        Option<string?> file = new("--file") { Description = "Write into this file; by default to the standard output.", HelpName = "FILE" };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("profile", "Samples what the CPUs do, and shows which functions take the time.") { pid, frequency, duration, output, file, json };
        command.SetAction(result =>
        {
            TimeSpan? time = null;
            if (result.GetValue(duration) is string text)
            {
                if (!DurationParser.TryParse(text, out TimeSpan parsed))
                    return CommandLine.RefuseUsage("profile", $"--duration {text}: write a time such as 5s, 500ms or 2m.");
                time = parsed;
            }

            ulong rate = result.GetValue(frequency);
            if (rate is 0 or > HighestFrequency)
                return CommandLine.RefuseUsage("profile", $"--frequency {rate}: write a number from 1 to {HighestFrequency}.");
            if (result.GetValue(json) && (result.GetResult(output) is { Implicit: false } || result.GetValue(file) is not null))
                return CommandLine.RefuseUsage("profile", "--json writes a stack a line to the standard output: it does not go with --output or --file.");
            ProfileFormat format = result.GetRequiredValue(output) switch
            {
                "svg" => ProfileFormat.FlameGraph,
                "pprof" => ProfileFormat.Pprof,
                "speedscope" => ProfileFormat.Speedscope,
                _ => ProfileFormat.Folded,
            };
            if (format == ProfileFormat.Pprof && result.GetValue(file) is null && !Console.IsOutputRedirected)
                return CommandLine.RefuseUsage("profile", "--output pprof is not for a terminal: give --file FILE.");
            return OperatingSystem.IsLinux()
                ? Run(new ProfileRequest(result.GetValue(pid), rate, time, format, result.GetValue(file), result.GetValue(json)))
                : CommandLine.RefuseSystem("profile");
        });
        return command;
    }

    [SupportedOSPlatform("linux")]
    private static int Run(ProfileRequest request)
    {
        try
        {
            if (request.Pid != 0 && !Directory.Exists($"/proc/{request.Pid}")) throw new IOException($"There is no process {request.Pid}.");
            using var profiler = new CpuProfiler(request.Pid, request.Frequency);
            Wait(profiler, request.Duration);
            StackProfile profile = profiler.Stop();
            Write(profile, request);
            Console.Error.WriteLine($"{profile.Total} samples{(profiler.Dropped == 0 ? "" : $"; {profiler.Dropped} more had no room")}");
            return ExitCode.Done;
        }
#pragma warning disable CA1031 // Whatever goes wrong is reported, and has an exit code.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Console.Error.WriteLine($"bpf: {Printable.Lines(Failure.Of(e).Message)}");
            return ExitCode.Refused;
        }
    }

    [SupportedOSPlatform("linux")]
    private static void Wait(CpuProfiler profiler, TimeSpan? duration)
    {
        using var interruption = new Interruption();
        long start = Stopwatch.GetTimestamp();
        Console.Error.WriteLine(duration is null ? "sampling, until Ctrl-C" : "sampling");
        while (!interruption.Token.IsCancellationRequested)
        {
            TimeSpan left = duration is TimeSpan time ? time - Stopwatch.GetElapsedTime(start) : Timeout.InfiniteTimeSpan;
            if (duration is not null && left <= TimeSpan.Zero) break;
            interruption.Wait(duration is not null && left < CaptureInterval ? left : CaptureInterval);
            profiler.Capture();
        }
    }

    private static void Write(StackProfile profile, ProfileRequest request)
    {
        if (request.Json)
        {
            using var lines = new JsonLines();
            foreach ((CallStack stack, long count) in profile.Stacks) lines.Write((stack, count), ProfileJson.Write);
        }
        else if (request.File is not null)
        {
            profile.Save(request.File, request.Format);
        }
        else
        {
            using Stream output = Console.OpenStandardOutput();
            // Names are those of other people's binaries: what a terminal would take for commands is made visible.
            using Stream printable = request.Format == ProfileFormat.Pprof ? output : new PrintableStream(output, isJson: request.Format == ProfileFormat.Speedscope);
            profile.Write(printable, request.Format);
        }
    }
}
