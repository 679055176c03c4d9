// Drops packets by a list of networks, which other invocations change while it runs:
//
//   xdp-drop run eth0 &
//   xdp-drop deny 192.0.2.0/24 2001:db8::1
//   xdp-drop list
//   xdp-drop allow 192.0.2.0/24
using System.CommandLine;
using Bpf.Samples;

Option<string> pins = new("--pins")
{
    Description = "The folder of the BPF file system where the list is pinned.",
    DefaultValueFactory = _ => "/sys/fs/bpf/xdp-drop",
    Recursive = true,
};
Argument<string> device = new("device") { Description = "The network device." };
Argument<string[]> networks = new("network") { Description = "Addresses and networks, such as 192.0.2.0/24.", Arity = ArgumentArity.OneOrMore };

var run = new Command("run", "Drops what comes from the denied networks, until Ctrl-C.") { device };
run.Does(async (arguments, cancellation) =>
{
    string folder = arguments.GetRequiredValue(pins);
    Directory.CreateDirectory(folder);
    using XdpDrop bpf = XdpDrop.Open(new BpfOpenOptions { PinRootPath = folder }).Load();
    using BpfLink link = bpf.Programs.Filter.AttachXdp(arguments.GetRequiredValue(device));
    Console.WriteLine($"dropping at {link.Target}, until Ctrl-C");
    try
    {
        await Task.Delay(Timeout.Infinite, cancellation);
    }
    finally
    {
        Console.WriteLine($"{bpf.Bss.Passed} packets passed");
        bpf.Maps.Denied.Map.Unpin();
        Directory.Delete(folder);
    }
});

var deny = new Command("deny", "Denies networks.") { networks };
deny.Does((arguments, _) =>
{
    using DenyList list = DenyList.Open(arguments.GetRequiredValue(pins));
    foreach (string network in arguments.GetRequiredValue(networks))
        list.Deny(Network.Parse(network));
    return Task.CompletedTask;
});

var allow = new Command("allow", "Lets networks through again.") { networks };
allow.Does((arguments, _) =>
{
    using DenyList list = DenyList.Open(arguments.GetRequiredValue(pins));
    foreach (string network in arguments.GetRequiredValue(networks))
    {
        if (!list.Allow(Network.Parse(network)))
            Console.Error.WriteLine($"{network} was not denied.");
    }

    return Task.CompletedTask;
});

var show = new Command("list", "Prints the denied networks, and how many packets were dropped.");
show.Does((arguments, _) =>
{
    using DenyList list = DenyList.Open(arguments.GetRequiredValue(pins));
    foreach ((string network, ulong drops) in list.Read())
        Console.WriteLine($"{network,-43} {drops}");
    return Task.CompletedTask;
});

return await new RootCommand("Drops packets by a list of networks that can be changed while it runs.") { pins, run, deny, allow, show }.RunAsync(args);
