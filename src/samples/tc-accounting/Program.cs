// Counts what each cgroup sends out of a network device. Counts and link are pinned: it goes on counting while no agent runs, and
// one that is started again finds everything that was sent since. '--forget' ends it.
using System.CommandLine;
using Bpf.Samples;
using static Bpf.Samples.TcAccounting;

Argument<string> device = new("device") { Description = "The network device." };
Option<string> pins = new("--pins") { Description = "The folder of the BPF file system for counts and link.", DefaultValueFactory = _ => "/sys/fs/bpf/tc-accounting" };
Option<double?> interval = new("--interval") { Description = "Print each so many seconds, and not only when Ctrl-C ends it." };
Option<bool> forget = new("--forget") { Description = "Begin at zero: forget what is pinned." };
var command = new RootCommand("Counts what each cgroup sends out of a network device.") { device, pins, interval, forget };
command.Does(async (arguments, cancellation) =>
{
    string folder = arguments.GetRequiredValue(pins), name = arguments.GetRequiredValue(device);
    if (arguments.GetValue(forget) && Directory.Exists(folder)) Directory.Delete(folder, recursive: true);

    if (folder.StartsWith(BpfFileSystem.DefaultPath, StringComparison.Ordinal)) BpfFileSystem.Mount(); // unless there is one
    using TcAccounting bpf = TcAccounting.Open(new BpfOpenOptions { PinRootPath = folder }).Load();
    using BpfLink link = BpfFeatures.Probe(BpfAttachType.TcxEgress) == BpfSupport.Yes
        ? bpf.Programs.Account.AttachPinned(folder + "/link", account => account.AttachTcx(name, TrafficDirection.Egress))
        : bpf.Programs.Account.AttachTc(name, TrafficDirection.Egress); // before Linux 6.6: goes when the agent does
    Console.WriteLine($"counting at {link.Target}, until Ctrl-C");
    TimeSpan pause = arguments.GetValue(interval) is double seconds ? TimeSpan.FromSeconds(seconds) : Timeout.InfiniteTimeSpan;
    do
    {
        await Task.WhenAny(Task.Delay(pause, cancellation));
        Print(bpf);
    }
    while (!cancellation.IsCancellationRequested);
});
return await command.RunAsync(args);

static void Print(TcAccounting bpf)
{
    Console.WriteLine($"{"PACKETS",10} {"BYTES",14} CGROUP");
    foreach ((ulong cgroup, Traffic traffic) in bpf.Maps.Sent.OrderByDescending(entry => entry.Value.Bytes))
        Console.WriteLine($"{traffic.Packets,10} {traffic.Bytes,14} {Cgroup.PathOf(cgroup) ?? $"cgroup {cgroup}"}");
}
