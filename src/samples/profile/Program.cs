// Samples what the CPUs do, and draws it as a flame graph:
//
//   DOTNET_PerfMapEnabled=1 dotnet app.dll &        .NET writes its methods' names down
//   profile --pid $! --duration 10 --svg flame.svg
using System.CommandLine;
using Bpf.Samples;

Option<uint> pid = new("--pid") { Description = "Only this process." };
Option<ulong> frequency = new("--frequency") { Description = "Samples a second on each CPU.", DefaultValueFactory = _ => 99 };
Option<double?> duration = new("--duration") { Description = "Seconds; without it, until Ctrl-C." };
Option<FileInfo?> svg = new("--svg") { Description = "Write a flame graph to this file." };
Option<FileInfo?> pprof = new("--pprof") { Description = "Write a profile for pprof to this file." };
var command = new RootCommand("Samples what the CPUs do, and writes it as folded stacks, as a flame graph, and for pprof.") { pid, frequency, duration, svg, pprof };
command.Does(async (arguments, cancellation) =>
{
    Profile.Description file = Profile.Open();
    file.Rodata.OnlyPid = arguments.GetValue(pid);
    using Profile bpf = file.Load();
    using var symbolizer = new Symbolizer();

    // 99 and not 100, lest the samples fall into step with what happens each hundredth of a second. The clock is there in
    // virtual machines, too, where the CPU's own counters are not.
    var every = new PerfEventOptions { Frequency = arguments.GetValue(frequency) };
    using (bpf.Programs.Sample.AttachPerfEvent(PerfEventDescription.Software(PerfSoftwareEvent.CpuClock), every))
    {
        Console.Error.WriteLine(arguments.GetValue(duration) is null ? "sampling, until Ctrl-C" : "sampling");
        TimeSpan time = arguments.GetValue(duration) is double seconds ? TimeSpan.FromSeconds(seconds) : Timeout.InfiniteTimeSpan;
        await Task.WhenAny(Task.Delay(time, cancellation));
    }

    var profile = new StackProfile { Period = TimeSpan.FromSeconds(1) / arguments.GetValue(frequency) };
    foreach ((Profile.StackKey key, ulong count) in bpf.Maps.Counts)
        profile.Add(symbolizer.Resolve(bpf.Maps.Stacks, (int)key.Pid, key.UserStack, key.KernelStack, key.Comm.ToString()), (long)count);

    profile.Write(Console.OpenStandardOutput(), ProfileFormat.Folded);
    if (arguments.GetValue(svg) is FileInfo picture)
        profile.Save(picture.FullName, ProfileFormat.FlameGraph);
    if (arguments.GetValue(pprof) is FileInfo binary)
        profile.Save(binary.FullName, ProfileFormat.Pprof);
    Console.Error.WriteLine($"{profile.Total} samples; {bpf.Bss.Dropped} had no room");
});
return await command.RunAsync(args);
