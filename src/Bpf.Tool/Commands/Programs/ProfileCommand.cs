using System;
using System.Globalization;
using System.Runtime.Versioning;
using System.Threading;
using Bpf.Loader;
using Bpf.Tool.Output;

namespace Bpf.Tool.Commands.Programs;

/// <summary><c>bpf prog profile</c>: how often a program runs, and for how long, by the kernel's own count.</summary>
[SupportedOSPlatform("linux")]
internal static class ProfileCommand
{
    public static void Run(Words words, JsonLines? lines)
    {
        using BpfProgram program = ProgramSelector.TakeOne(words);
        TimeSpan duration = words.TryTake("duration") ? TimeSpan.FromSeconds(words.TakeNumber("a number of seconds")) : Timeout.InfiniteTimeSpan;
        words.End();
        BpfProgramInfo before, after;
        using (BpfRunStatistics.Enable())
        using (var interruption = new Interruption())
        {
            before = program.GetInfo();
            interruption.Wait(duration);
            after = program.GetInfo();
        }

        (ulong runs, TimeSpan time) = (after.RunCount - before.RunCount, after.RunTime - before.RunTime);
        long nanoseconds = time.Ticks * TimeSpan.NanosecondsPerTick;
        if (lines is not null)
        {
            lines.Write((runs, nanoseconds), static (json, item) =>
            {
                json.WriteStartObject();
                json.WriteNumber("run_cnt", item.runs);
                json.WriteNumber("run_time_ns", item.nanoseconds);
                json.WriteEndObject();
            });
            return;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{runs,12} runs"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{nanoseconds,12} ns in all"));
        if (runs > 0) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(ulong)nanoseconds / runs,12} ns each"));
    }
}
