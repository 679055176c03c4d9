// Drops packets by a list of networks, which other invocations change while it runs:
//
//   xdp-drop run eth0 &
//   xdp-drop deny 192.0.2.0/24 2001:db8::/32
//   xdp-drop list
//   xdp-drop allow 192.0.2.0/24
//
// It goes on dropping when the agent has ended, and the next agent takes over without a packet that gets by. 'xdp-drop off' ends it.
using System.CommandLine;
using System.Net;
using Bpf.Samples;

Option<string> pins = new("--pins") { Description = "The folder of the BPF file system for list and link.", DefaultValueFactory = _ => "/sys/fs/bpf/xdp-drop", Recursive = true };
Argument<string> device = new("device") { Description = "The network device." };
Argument<string[]> networks = new("network") { Description = "Networks, such as 192.0.2.0/24.", Arity = ArgumentArity.OneOrMore };
networks.Validators.Add(result => result.Tokens.Where(token => !IPNetwork.TryParse(token.Value, out _)).ToList().ForEach(token => result.AddError($"'{token.Value}' is no network, as 192.0.2.0/24 is.")));

var run = new Command("run", "Drops what comes from the denied networks.") { device };
run.Does(async (arguments, cancellation) =>
{
    string folder = arguments.GetRequiredValue(pins);
    if (folder.StartsWith(BpfFileSystem.DefaultPath, StringComparison.Ordinal)) BpfFileSystem.Mount(); // unless there is one
    using XdpDrop bpf = XdpDrop.Open(new BpfOpenOptions { PinRootPath = folder }).Load();
    using BpfLink link = bpf.Programs.Filter.AttachPinned(folder + "/link", filter => filter.AttachXdp(arguments.GetRequiredValue(device)));
    Console.WriteLine($"dropping at {link.Target}");
    await Task.WhenAny(Task.Delay(Timeout.Infinite, cancellation));
    Console.WriteLine($"{bpf.Bss.Passed} packets passed");
});

var deny = new Command("deny", "Denies networks.") { networks };
deny.Does((arguments, _) => Edit(arguments, list =>
{
    foreach (string network in arguments.GetRequiredValue(networks)) list.Set(IPNetwork.Parse(network).MapToIPv6(), 0);
}));

var allow = new Command("allow", "Lets networks through again.") { networks };
allow.Does((arguments, _) => Edit(arguments, list =>
{
    foreach (string network in arguments.GetRequiredValue(networks))
        if (!list.Remove(IPNetwork.Parse(network).MapToIPv6())) Console.Error.WriteLine($"{network} was not denied.");
}));

var show = new Command("list", "Prints the denied networks, and how many packets were dropped.");
show.Does((arguments, _) => Edit(arguments, list =>
{
    foreach ((BpfPrefix<UInt128> network, ulong drops) in list) Console.WriteLine($"{network.ToNetwork().MapToIPv4(),-43} {drops}");
}));

var off = new Command("off", "Lets everything through, and forgets the list.");
off.Does((arguments, cancellation) => Task.Run(() => Directory.Delete(arguments.GetRequiredValue(pins), recursive: true), cancellation));
return await new RootCommand("Drops packets by a list of networks that can be changed while it runs.") { pins, run, deny, allow, show, off }.RunAsync(args);

// The kernel finds the longest prefix that fits an address. An address is 16 bytes, first byte first, whatever number they are.
Task Edit(ParseResult arguments, Action<BpfLpmTrie<UInt128, ulong>> edit)
{
    using BpfMap map = BpfMap.OpenPinned(arguments.GetRequiredValue(pins) + "/denied");
    edit(map.AsLpmTrie<UInt128, ulong>());
    return Task.CompletedTask;
}
