// Draws how long block devices take to answer.
using System.CommandLine;
using Bpf.Samples;
using static Bpf.Samples.Biolatency;

var command = new RootCommand("Draws how long block devices take to answer, a histogram for each device, when Ctrl-C ends it.");
command.Does(async (arguments, cancellation) =>
{
    using Biolatency bpf = Biolatency.Open().Load();
    using Biolatency.Attached links = bpf.AttachAll();
    Console.WriteLine("measuring, until Ctrl-C");
    try
    {
        await Task.Delay(Timeout.Infinite, cancellation);
    }
    finally
    {
        foreach ((uint device, Histogram histogram) in bpf.Maps.MicrosecondsByDevice)
        {
            Console.WriteLine($"\n{DeviceName(device)}");
            new Log2Histogram(histogram.Counts).Print(Console.Out, "microseconds");
        }
    }
});
return await command.RunAsync(args);

// The kernel packs a device's numbers as major << 20 | minor; sysfs knows the name.
static string DeviceName(uint device)
{
    string numbers = $"{device >> 20}:{device & 0xfffff}";
    string? folder = new DirectoryInfo($"/sys/dev/block/{numbers}").ResolveLinkTarget(returnFinalTarget: true)?.Name;
    return folder ?? numbers;
}
