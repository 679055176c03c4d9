// Draws how long threads that could run wait for a CPU.
using System.CommandLine;
using Bpf.Samples;

Option<uint> pid = new("--pid") { Description = "Only threads of this process." };
Option<double?> interval = new("--interval") { Description = "Draw again each so many seconds, and not once when Ctrl-C ends it." };
var command = new RootCommand("Draws how long threads that could run wait for a CPU.") { pid, interval };
command.Does(async (arguments, cancellation) =>
{
    Runqlat.Description file = Runqlat.Open();
    file.Rodata.OnlyPid = arguments.GetValue(pid);

    using Runqlat bpf = file.Load();
    using Runqlat.Attached links = bpf.AttachAll();
    TimeSpan pause = arguments.GetValue(interval) is double seconds ? TimeSpan.FromSeconds(seconds) : Timeout.InfiniteTimeSpan;
    Console.WriteLine("measuring, until Ctrl-C");
    try
    {
        while (true)
        {
            await Task.Delay(pause, cancellation);
            Draw(bpf);
        }
    }
    finally
    {
        Draw(bpf);
    }
});
return await command.RunAsync(args);

static void Draw(Runqlat bpf) => Log2Histogram.Read(bpf.Maps.Microseconds).Print(Console.Out, "microseconds");
