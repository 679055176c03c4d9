using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using Bpf.Loader.Btf;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Bpf.Loader.Links.Network;
using Bpf.Loader.Maps;

namespace Bpf.Loader.KernelTests.Faults;

/// <summary>Attaching to each kind of hook, and detaching. Whoever attaches without a link looks afterwards that nothing is left.</summary>
internal static class FaultyAttachments
{
    private const int Pass = 2, Next = -1, Allow = 1;

    private static readonly string Target = NativeShims.UprobeTarget, UsdtTarget = Requires.HasCookies ? NativeShims.UsdtTarget : NativeShims.FixedUsdtTarget;

    public static IReadOnlyDictionary<string, Func<FaultScenario>> All { get; } = new Dictionary<string, Func<FaultScenario>>(StringComparer.Ordinal)
    {
        ["tracepoint"] = () => Simple(new(BpfProgramType.Tracepoint), program => TracepointAttacher.Attach(program, "sched", "sched_switch", 0)),
        ["raw tracepoint"] = () => Simple(new(BpfProgramType.RawTracepoint), program => RawTracepointAttacher.Attach(program, "sched_switch", 0)),
        ["typed tracepoint"] = () => Simple(
            new(BpfProgramType.Tracing, BpfAttachType.TraceRawTp, target: ("btf_trace_sched_switch", BtfKind.Typedef)), program => TracingAttacher.Attach(program, "tp_btf")),
        ["kprobe: link"] = () => Kprobe(ProbeMode.Link),
        ["kprobe: perf event"] = () => Kprobe(ProbeMode.PerfEvent),
        ["kprobe: tracefs"] = () => Kprobe(ProbeMode.TraceFs),
        ["uprobe: link"] = () => Uprobe(ProbeMode.Link),
        ["uprobe: perf event"] = () => Uprobe(ProbeMode.PerfEvent),
        ["uprobe: tracefs"] = () => Uprobe(ProbeMode.TraceFs),
        ["uprobe: library by name"] = () => Simple(
            new(BpfProgramType.Kprobe), program => UprobeAttacher.Attach(program, "libc.so.6", "malloc", false, new UprobeOptions())),
        ["uprobe.multi"] = () =>
        {
            Requires.UprobeMulti();
            return Simple(
                new(BpfProgramType.Kprobe, BpfAttachType.TraceUprobeMulti),
                program => UprobeMultiAttacher.AttachPattern(program, Target, "uprobe_target_*", new UprobeMultiOptions()));
        },
        ["usdt"] = () => OfObject("hook_usdt", bpf => bpf.Programs["usdt_handle"].AttachUsdt(UsdtTarget, "usdt_target", "places", new UsdtOptions())),
        ["perf event"] = () => Simple(
            new(BpfProgramType.PerfEvent), program => PerfEventProgramAttacher.Attach(program, PerfEventDescription.Software(PerfSoftwareEvent.CpuClock), new PerfEventOptions { Frequency = 100 })),
        ["fentry"] = () =>
        {
            Requires.Trampolines();
            Requires.Reattaching();
            return Simple(
                new(BpfProgramType.Tracing, BpfAttachType.TraceFEntry, target: (TracedFunction.Name, BtfKind.Function)), program => TracingAttacher.Attach(program, "fentry"));
        },
        ["iterator"] = () => OfObject("hook_iter", bpf =>
        {
            BpfIteratorLink link = bpf.Programs["dump_task"].AttachIterator();
            try
            {
                using Stream stream = link.OpenRead();
                stream.CopyTo(Stream.Null);
                return link;
            }
            catch
            {
                link.Dispose();
                throw;
            }
        }, "dump_task"),
        ["struct_ops"] = () =>
        {
            Requires.StructOps();
            Requires.Function("bpf_struct_ops_link_create", "links of struct_ops (Linux 6.4)");
            return OfObject("hook_struct_ops_link", bpf => bpf.AttachStructOps("mini_link_cc"));
        },
        ["sections"] = () => OfObject("hook_tracepoint", bpf => bpf.AttachAll()),
        ["xdp: link"] = () => OnDevice(new(BpfProgramType.Xdp, BpfAttachType.Xdp, returns: Pass), (program, device) => XdpAttacher.Attach(program, device, new XdpOptions())),
        ["xdp: netlink"] = () => OnDevice(
            new(BpfProgramType.Xdp, BpfAttachType.Xdp, returns: Pass), (program, device) => XdpAttacher.Attach(program, device, new XdpOptions { UseNetlink = true })),
        ["tc"] = () => OnDevice(new(BpfProgramType.SchedCls), (program, device) => TcAttacher.Attach(program, device, TrafficDirection.Ingress, new TcOptions())),
        ["tcx"] = () =>
        {
            Requires.Function("tcx_link_attach", "tcx (Linux 6.6)");
            return OnDevice(
                new(BpfProgramType.SchedCls, returns: Next), (program, device) => DeviceLinkAttacher.Attach(program, device, BpfAttachType.TcxIngress, AttachOrder.Last));
        },
        ["netfilter"] = () =>
        {
            Requires.Function("bpf_nf_link_attach", "BPF in netfilter (Linux 6.4)");
            return Simple(
                new(BpfProgramType.Netfilter, BpfAttachType.Netfilter, returns: 1),
                program => NetfilterAttacher.Attach(program, NetfilterFamily.IPv4, NetfilterHook.LocalOut, new NetfilterOptions { Priority = 7 }));
        },
        ["route"] = Route,
        ["namespace"] = () =>
        {
            var network = new TestNetwork();
            return Simple(new(BpfProgramType.SkLookup, BpfAttachType.SkLookup, returns: 1), program => NetnsAttacher.Attach(program, network.NamespacePath), null, network);
        },
        ["cgroup: link"] = () => OnCgroup(new CgroupOptions()),
        ["cgroup: older way"] = () => OnCgroup(new CgroupOptions { Mode = CgroupAttachMode.Overridable }),
        ["sockmap"] = () =>
        {
            BpfMap map = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.SockMap, Name = "sockets", KeySize = 4, ValueSize = 4, MaxEntries = 2 });
            return Simple(new(BpfProgramType.SkSkb, BpfAttachType.SkSkbStreamVerdict, returns: 1), program => SockMapAttacher.Attach(program, map), null, map);
        },
    };

    private static FaultScenario Simple(
        AttachedProgram program, Func<ProgramToAttach, BpfLink> attach, Func<IEnumerable<string>>? left = null, params IDisposable[] place) =>
        new(() => attach(program.Source).Dispose(), null, left, [.. place, program]);

    private static FaultScenario OfObject(string name, Func<BpfObject, IDisposable> attach, params string[] programs)
    {
        BpfObject bpf = TestObjects.Load(name, programs);
        return new FaultScenario(() => attach(bpf).Dispose(), null, null, bpf);
    }

    private static FaultScenario Kprobe(ProbeMode mode)
    {
        Requires.Kprobes();
        if (mode == ProbeMode.Link) Requires.PerfLinks();
        return Simple(new(BpfProgramType.Kprobe), program => KprobeAttacher.Attach(program, TracedFunction.Name, false, new KprobeOptions { Mode = mode }), () => Probes("kprobe_events"));
    }

    private static FaultScenario Uprobe(ProbeMode mode)
    {
        Requires.Uprobes();
        if (mode == ProbeMode.Link) Requires.PerfLinks();
        return Simple(
            new(BpfProgramType.Kprobe),
            program => UprobeAttacher.Attach(program, Target, "uprobe_target_add", false, new UprobeOptions { Mode = mode }),
            () => Probes("uprobe_events"));
    }

    private static FaultScenario OnDevice(AttachedProgram program, Func<ProgramToAttach, NetworkInterface, BpfLink> attach)
    {
        var network = new TestNetwork();
        NetworkInterface device = NetworkInterface.Find(network.Device);
        return Simple(program, source => attach(source, device), () => OfDevice(network.Device), network);
    }

    private static FaultScenario Route()
    {
        Requires.Function("bpf_lwt_push_ip_encap", "CONFIG_LWTUNNEL_BPF");
        var network = new TestNetwork();
        NetworkInterface device = NetworkInterface.Find(network.Device);
        return Simple(
            new(BpfProgramType.LwtXmit),
            program => LwtAttacher.Attach(program, IPNetwork.Parse("198.51.100.0/24"), device, new LwtOptions()),
            () => Lines(Shell.Run($"ip route show dev {network.Device}")),
            network);
    }

    private static FaultScenario OnCgroup(CgroupOptions options)
    {
        var cgroup = new TestCgroup();
        return Simple(
            new(BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupInet4Connect, returns: Allow),
            program => CgroupAttacher.Attach(program, cgroup.Path, options),
            () => Bpf.Loader.Links.Queries.HookQuery.OfCgroup(cgroup.Path, BpfAttachType.CgroupInet4Connect).Programs.Select(one => $"program {one.ProgramId} of the cgroup"),
            cgroup);
    }

    private static List<string> Probes(string list)
    {
        using Stream? file = TraceFs.Current.TryOpenRead(list, out _);
        if (file is null) return [];
        using var reader = new StreamReader(file);
        return [.. reader.ReadToEnd().Split('\n').Where(line => line.Contains($"bpf_loader_{Environment.ProcessId}", StringComparison.Ordinal)).Select(_ => $"a probe in {list}")];
    }

    private static IEnumerable<string> OfDevice(string device) =>
        Lines(Shell.Run($"tc qdisc show dev {device}"))
            .Concat(Lines(Shell.Run($"ip -d link show dev {device}")).Where(line => line.Contains("prog", StringComparison.Ordinal)).Select(_ => "XDP on the device"))
            .Concat(Lines(Shell.Run($"tc filter show dev {device} ingress")));

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
