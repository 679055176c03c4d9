#if (hosting)
using System.Runtime.Versioning;
using BpfAgent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

[assembly: SupportedOSPlatform("linux")]

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Services
    .AddBpf<Execsnoop>()
    .Configure(file => file.Rodata.OnlyUid = uint.MaxValue) // the number of a user shows only theirs
    .CountDrops(snoop => snoop.Maps.Events, snoop => snoop.Bss.Dropped)
    .AddEvents(snoop => snoop.Maps.Events, started =>
        Console.WriteLine($"{started.Pid,7} {started.ParentPid,7} {started.Uid,6} {started.Comm,-16} {started.Filename}"));
await builder.Build().RunAsync();
#else
using System.Runtime.Versioning;
using BpfAgent;
using static BpfAgent.Execsnoop;

[assembly: SupportedOSPlatform("linux")]

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

Execsnoop.Description file = Execsnoop.Open();          // what the object says; nothing is in the kernel yet
file.Rodata.OnlyUid = uint.MaxValue;                    // the number of a user shows only theirs
using Execsnoop snoop = file.Load();                    // relocated against the running kernel, verified
using Execsnoop.Attached links = snoop.AttachAll();     // it runs

Console.WriteLine($"{"PID",7} {"PPID",7} {"UID",6} {"COMM",-16} FILE");
try
{
    await foreach (ExecEvent started in snoop.Maps.Events.ReadAllAsync(stop.Token))
        Console.WriteLine($"{started.Pid,7} {started.ParentPid,7} {started.Uid,6} {started.Comm,-16} {started.Filename}");
}
catch (OperationCanceledException)
{
    Console.WriteLine($"{snoop.Bss.Dropped} were not shown: they started faster than they were printed.");
}
#endif
