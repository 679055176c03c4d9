// Prints files as they are opened, with what came of it.
using System.CommandLine;
using System.Runtime.InteropServices;
using Bpf.Samples;
using static Bpf.Samples.Opensnoop;

Option<uint> pid = new("--pid") { Description = "Only this process." };
Option<bool> failed = new("--failed") { Description = "Only what could not be opened." };
var command = new RootCommand("Prints files as they are opened, with what came of it.") { pid, failed };
command.Does(async (arguments, cancellation) =>
{
    Opensnoop.Description file = Opensnoop.Open();
    file.Rodata.OnlyPid = arguments.GetValue(pid);
    file.Rodata.OnlyFailed = arguments.GetValue(failed);

    // Of the architectures that .NET runs on, x86 has the old open(2) beside openat(2).
    bool hasOpen = RuntimeInformation.ProcessArchitecture == Architecture.X64;
    file.Programs.OpenBegins.AutoLoad = file.Programs.OpenEnds.AutoLoad = hasOpen;

    using Opensnoop bpf = file.Load();
    using Opensnoop.Attached links = bpf.AttachAll();
    Console.WriteLine($"{"PID",7} {"COMM",-16} {"RESULT",-8} PATH");
    try
    {
        await foreach (OpenEvent opened in bpf.Maps.Events.ReadAllAsync(cancellation))
            Console.WriteLine($"{opened.Pid,7} {opened.Comm,-16} {Result(opened.Result),-8} {opened.Path}");
    }
    finally
    {
        if (bpf.Bss.Dropped > 0)
            Console.Error.WriteLine($"{bpf.Bss.Dropped} files were not shown: they were opened faster than they were printed.");
    }
});
return await command.RunAsync(args);

// A descriptor, or why there is none.
static string Result(int result) => result < 0 ? $"{(Errno)(-result)}" : $"{result}";
