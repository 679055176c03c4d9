// Counts what each cgroup sends out of a network device. The counts are pinned: they outlive the agent, and it goes on with
// them when it is started again.
using System.CommandLine;
using Bpf.Samples;
using static Bpf.Samples.TcAccounting;

Argument<string> device = new("device") { Description = "The network device." };
Option<string> pins = new("--pins")
{
    Description = "The folder of the BPF file system where the counts are pinned.",
    DefaultValueFactory = _ => "/sys/fs/bpf/tc-accounting",
};
Option<double?> interval = new("--interval") { Description = "Print each so many seconds, and not only when Ctrl-C ends it." };
Option<bool> forget = new("--forget") { Description = "Begin at zero: forget what is pinned." };
var command = new RootCommand("Counts what each cgroup sends out of a network device.") { device, pins, interval, forget };
command.Does(async (arguments, cancellation) =>
{
    string folder = arguments.GetRequiredValue(pins);
    if (arguments.GetValue(forget))
        File.Delete(Path.Combine(folder, "sent"));

    // The map is pinned by its name, in this folder: made when it is not there, and used when it is.
    Directory.CreateDirectory(folder);
    using TcAccounting bpf = TcAccounting.Open(new BpfOpenOptions { PinRootPath = folder }).Load();
    using BpfLink link = Attach(bpf.Programs.Account, arguments.GetRequiredValue(device));
    Console.WriteLine($"counting at {link.Target}, until Ctrl-C");
    TimeSpan pause = arguments.GetValue(interval) is double seconds ? TimeSpan.FromSeconds(seconds) : Timeout.InfiniteTimeSpan;
    try
    {
        while (true)
        {
            await Task.Delay(pause, cancellation);
            Print(bpf);
        }
    }
    finally
    {
        Print(bpf);
    }
});
return await command.RunAsync(args);

// A link goes with its process, whatever becomes of it. Kernels before 6.6 have classifiers only.
static BpfLink Attach(BpfProgram program, string device)
{
    try
    {
        return program.AttachTcx(device, TrafficDirection.Egress);
    }
    catch (BpfNotSupportedException)
    {
        return program.AttachTc(device, TrafficDirection.Egress);
    }
}

static void Print(TcAccounting bpf)
{
    var names = CgroupNames.Read();
    Console.WriteLine($"{"PACKETS",10} {"BYTES",14} CGROUP");
    foreach ((ulong cgroup, Traffic traffic) in bpf.Maps.Sent.OrderByDescending(entry => entry.Value.Bytes))
        Console.WriteLine($"{traffic.Packets,10} {traffic.Bytes,14} {names.Find(cgroup)}");
}
