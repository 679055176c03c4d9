// Prints processes as they start, with their arguments.
using System.CommandLine;
using Bpf.Samples;
using static Bpf.Samples.Execsnoop;

Option<uint?> uid = new("--uid") { Description = "Only processes of this user." };
var command = new RootCommand("Prints processes as they start, with their arguments.") { uid };
command.Does(async (arguments, cancellation) =>
{
    Execsnoop.Description file = Execsnoop.Open();
    if (arguments.GetValue(uid) is uint only)
        file.Rodata.OnlyUid = only;

    using Execsnoop bpf = file.Load();
    using Execsnoop.Attached links = bpf.AttachAll();
    Console.WriteLine($"{"PID",7} {"PPID",7} {"UID",6} {"COMM",-16} ARGUMENTS");
    try
    {
        await foreach (ExecEvent started in bpf.Maps.Events.ReadAllAsync(cancellation))
            Console.WriteLine($"{started.Pid,7} {started.ParentPid,7} {started.Uid,6} {started.Comm,-16} {Arguments(started)}");
    }
    finally
    {
        if (bpf.Bss.Dropped > 0)
            Console.Error.WriteLine($"{bpf.Bss.Dropped} processes were not shown: they started faster than they were printed.");
    }
});
return await command.RunAsync(args);

// The kernel keeps the arguments one behind the other, each with a zero at its end.
static string Arguments(in ExecEvent started)
{
    ReadOnlySpan<byte> bytes = started.Arguments[..(int)started.ArgumentsLength];
    return System.Text.Encoding.UTF8.GetString(bytes.TrimEnd((byte)0)).Replace('\0', ' ');
}
