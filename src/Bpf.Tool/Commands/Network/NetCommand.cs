using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Runtime.Versioning;
using Bpf.Loader;
using Bpf.Loader.Links;
using Bpf.Loader.Links.Info;
using Bpf.Loader.Links.Queries;
using Bpf.Tool.Commands.Programs;
using Bpf.Tool.Output;
using Spectre.Console;

namespace Bpf.Tool.Commands.Network;

/// <summary><c>bpf net</c>: programs of this network namespace, in bpftool's words.</summary>
[SupportedOSPlatform("linux")]
internal static class NetCommand
{
    private const string Types = "{ xdp | xdpgeneric | xdpdrv | xdpoffload | tcx_ingress | tcx_egress }";

    public static Command Create() => KernelCommand.WithNetworkNamespace(KernelCommand.Group(
        "net", "Shows and handles programs of this network namespace, or of another.", Show,
        KernelCommand.Create("net show|list", "Shows XDP, tcx, netkit, filters of traffic control, flow dissectors and netfilter.", "[dev NAME]", Show),
        KernelCommand.Create(
            "net attach", "Attaches a program to a network device, to stay.", $"{Types} {ProgramSelector.Grammar} dev NAME [overwrite]", Attach),
        KernelCommand.Create(
            "net detach", "Takes a program off a network device.", $"{Types} dev NAME [{ProgramSelector.Grammar} for tcx]", Detach)));

    private static void Show(Words words, JsonLines? lines)
    {
        string? only = words.TryTake("dev") ? HookQuery.OfXdp(words.Take("the name of a network device")).InterfaceName : null;
        words.End();
        if (only is not null) HookQuery.OfXdp(only); // says so when there is no such device
        List<NetworkAttachment> found = [];
        foreach (XdpDevice device in HookQuery.XdpDevices())
        {
            if (only is null || device.InterfaceName == only) found.AddRange(OfDevice(device));
        }

        if (only is null) found.AddRange(OfNamespace());
        if (lines is not null)
        {
            lines.Write(found, NetworkJson.Write);
            return;
        }

        Table table = Screen.Table("device", "hook", ">prog", "name", ">link", "place");
        foreach (NetworkAttachment attachment in found)
        {
            table.AddTextRow(
                attachment.Device, attachment.Hook, Number(attachment.ProgramId), attachment.Name, attachment.LinkId == 0 ? "" : Number(attachment.LinkId), attachment.Place);
        }

        Screen.Write(table);
    }

    private static IEnumerable<NetworkAttachment> OfDevice(XdpDevice device)
    {
        (string name, int index) = (device.InterfaceName, device.InterfaceIndex);
        if (device.NativeProgramId != 0) yield return new(name, index, "xdp/driver", device.NativeProgramId) { Name = NameOf(device.NativeProgramId) };
        if (device.GenericProgramId != 0) yield return new(name, index, "xdp/generic", device.GenericProgramId) { Name = NameOf(device.GenericProgramId) };
        if (device.OffloadedProgramId != 0) yield return new(name, index, "xdp/offload", device.OffloadedProgramId) { Name = NameOf(device.OffloadedProgramId) };
        foreach ((BpfAttachType hook, string word) in new[]
        {
            (BpfAttachType.TcxIngress, "tcx/ingress"), (BpfAttachType.TcxEgress, "tcx/egress"),
            (BpfAttachType.NetkitPrimary, "netkit/primary"), (BpfAttachType.NetkitPeer, "netkit/peer"),
        })
        {
            foreach (HookProgram program in ProgramsOf(index, hook)) yield return new(name, index, word, program.ProgramId, program.LinkId) { Name = NameOf(program.ProgramId) };
        }

        foreach (TrafficDirection direction in new[] { TrafficDirection.Ingress, TrafficDirection.Egress })
        {
            foreach (TcFilter filter in HookQuery.OfTc(index, direction))
            {
                string place = string.Create(CultureInfo.InvariantCulture, $"prio {filter.Priority} handle 0x{filter.Handle:x}{(filter.IsDirectAction ? " direct-action" : "")}");
                yield return new(name, index, "clsact/" + direction.ToString().ToLowerInvariant(), filter.ProgramId, 0, place) { Name = filter.Name };
            }
        }
    }

    // Most devices are no netkit devices, and older kernels have neither hook.
    private static IReadOnlyList<HookProgram> ProgramsOf(int index, BpfAttachType hook)
    {
        try
        {
            return HookQuery.OfDevice(index, hook).Programs;
        }
        catch (BpfException e) when (e.Errno is not (Errno.EPERM or Errno.EACCES) || hook is BpfAttachType.NetkitPrimary or BpfAttachType.NetkitPeer)
        {
            return [];
        }
    }

    private static IEnumerable<NetworkAttachment> OfNamespace()
    {
        foreach ((BpfAttachType hook, string word) in new[] { (BpfAttachType.FlowDissector, "flow_dissector"), (BpfAttachType.SkLookup, "sk_lookup") })
        {
            foreach (HookProgram program in OfNamespace(hook)) yield return new("", 0, word, program.ProgramId, program.LinkId) { Name = NameOf(program.ProgramId) };
        }

        // Which namespace a link of netfilter is of, the kernel does not tell: they stand with the command's own, as bpftool has them.
        if (IsElsewhere() || BpfFeatures.Probe(BpfFeature.Links) != BpfSupport.Yes) yield break;
        foreach (uint id in BpfLink.EnumerateIds())
        {
            if (TryRead(id) is NetfilterLinkInfo link)
            {
                string place = string.Create(CultureInfo.InvariantCulture, $"{link.Family} {link.Hook} priority {link.Priority}");
                yield return new("", 0, "netfilter", link.ProgramId, id, place) { Name = NameOf(link.ProgramId), Netfilter = link };
            }
        }
    }

    private static IReadOnlyList<HookProgram> OfNamespace(BpfAttachType hook)
    {
        try
        {
            return HookQuery.OfNetworkNamespace(null, hook).Programs;
        }
        catch (BpfException e) when (e.Errno == Errno.EINVAL)
        {
            return []; // socket lookups came with Linux 5.9
        }
    }

    private static string NameOf(uint id)
    {
        try
        {
            using BpfProgram program = BpfProgram.OpenById(id);
            return FullName.Of(program, program.GetInfo());
        }
        catch (BpfException e) when (e.Errno == Errno.ENOENT)
        {
            return ""; // it went meanwhile
        }
    }

    private static bool IsElsewhere() => new FileInfo("/proc/thread-self/ns/net").LinkTarget != new FileInfo("/proc/self/ns/net").LinkTarget;

    private static BpfLinkInfo? TryRead(uint id)
    {
        try
        {
            using BpfLink link = BpfLink.OpenById(id);
            return link.GetInfo();
        }
        catch (BpfException e) when (e.Errno is Errno.ENOENT or Errno.EAGAIN)
        {
            return null;
        }
    }

    private static void Attach(Words words, JsonLines? lines)
    {
        string type = words.Take(Types);
        (XdpMode? mode, BpfAttachType hook) = Parse(type);
        using BpfProgram program = ProgramSelector.TakeOne(words);
        string device = TakeDevice(words);
        bool overwrite = words.TryTake("overwrite");
        words.End();
        if (mode is XdpMode xdp) HookAttach.ToXdp(program, device, xdp, overwrite);
        else HookAttach.ToDevice(program, device, hook);
    }

    private static void Detach(Words words, JsonLines? lines)
    {
        string type = words.Take(Types);
        (XdpMode? mode, BpfAttachType hook) = Parse(type);
        string device = TakeDevice(words);
        if (mode is XdpMode xdp)
        {
            words.End();
            HookDetach.FromXdp(device, xdp);
            return;
        }

        using BpfProgram program = words.AtEnd ? TheOnlyOne(device, hook) : ProgramSelector.TakeOne(words);
        words.End();
        HookDetach.FromDevice(device, hook, program);
    }

    private static BpfProgram TheOnlyOne(string device, BpfAttachType hook)
    {
        IReadOnlyList<HookProgram> programs = HookQuery.OfDevice(device, hook).Programs;
        return programs.Count == 1
            ? BpfProgram.OpenById(programs[0].ProgramId)
            : throw new UsageException($"{programs.Count} programs are attached there; say which one.");
    }

    private static (XdpMode? Mode, BpfAttachType Hook) Parse(string type) => type switch
    {
        "xdp" => (XdpMode.Default, default),
        "xdpgeneric" => (XdpMode.Generic, default),
        "xdpdrv" => (XdpMode.Native, default),
        "xdpoffload" => (XdpMode.Offloaded, default),
        "tcx_ingress" => (null, BpfAttachType.TcxIngress),
        "tcx_egress" => (null, BpfAttachType.TcxEgress),
        _ => throw new UsageException($"'{type}' is not understood there; write one of {Types}."),
    };

    private static string TakeDevice(Words words)
    {
        if (!words.TryTake("dev")) throw new UsageException("Say which device: dev NAME.");
        return words.Take("the name of a network device");
    }

    private static string Number(uint number) => number.ToString(CultureInfo.InvariantCulture);
}
