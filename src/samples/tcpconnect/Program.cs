// Prints TCP connections as they are opened from this machine.
using System.CommandLine;
using System.Net;
using Bpf.Samples;
using static Bpf.Samples.Tcpconnect;

Option<string?> hook = new("--hook") { Description = "Use this hook, and not the best that the kernel has." };
hook.AcceptOnlyFromAmong(ConnectHook.Names);
var command = new RootCommand("Prints TCP connections as they are opened from this machine.") { hook };
command.Does(async (arguments, cancellation) =>
{
    Tcpconnect.Description file = Tcpconnect.Open();
    string best = arguments.GetValue(hook) ?? ConnectHook.FindBest();
    ConnectHook.Select(file.File, best);

    using Tcpconnect bpf = file.Load();
    using Tcpconnect.Attached links = bpf.AttachAll();
    Console.Error.WriteLine($"attached by {best}");
    Console.WriteLine($"{"PID",7} {"UID",6} {"COMM",-16} {"SOURCE",-26} DESTINATION");
    try
    {
        await foreach (ConnectEvent connecting in bpf.Maps.Events.ReadAllAsync(cancellation))
            Console.WriteLine(Describe(connecting));
    }
    finally
    {
        if (bpf.Bss.Dropped > 0)
            Console.Error.WriteLine($"{bpf.Bss.Dropped} connections were not shown: they came faster than they were printed.");
    }
});
return await command.RunAsync(args);

static string Describe(in ConnectEvent connecting)
{
    const ushort ipv4 = 2; // AF_INET
    int length = connecting.Family == ipv4 ? 4 : 16;
    var source = new IPAddress(connecting.Source[..length]);
    var destination = new IPEndPoint(new IPAddress(connecting.Destination[..length]), connecting.Port);
    return $"{connecting.Pid,7} {connecting.Uid,6} {connecting.Comm,-16} {source,-26} {destination}";
}
