using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using Bpf.Loader.Buffers;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Bpf.Loader.Maps;
using Bpf.Loader.Objects;

namespace Bpf.Loader.KernelTests.Diagnostics;

/// <summary>
/// The conditions under which a program cannot be attached, network devices included, each with what provokes it, its id, and what the
/// message says: the hook, and what is wrong with it or what to do.
/// </summary>
internal static class AttachConditions
{
    private const string Nowhere = "/nowhere/binary";

    private static readonly string Text = TestObjects.PathOf("README.md");

    public static IEnumerable<(string Condition, BpfDiagnosticId Id, string Name, string Says, Action Provoke)> All() =>
        [.. Sections(), .. Tracing(), .. Binaries(), .. Network(), .. (HasKprobes ? Kprobes() : [])];

    /// <summary>Whether kernel functions can be probed, one by one and many at once.</summary>
    public static bool HasKprobes => Requires.Has("perf_kprobe_init") && KernelPolicy.RefusalOfProbes("kprobe") is null;

    /// <inheritdoc cref="HasKprobes"/>
    public static bool HasFprobe => Requires.Has("register_fprobe_ips") && KernelPolicy.RefusalOf(BpfProgramType.Kprobe, BpfAttachType.TraceKprobeMulti) is null;

    private static IEnumerable<(string Condition, BpfDiagnosticId Id, string Name, string Says, Action Provoke)> Sections()
    {
        yield return ("sections: say nothing", BpfDiagnosticId.NoAutoAttach, "'xdp_plain'", "AttachXdp", () => With("hook_xdp", "xdp_plain", program => program.Attach()));
        yield return ("sections: malformed", BpfDiagnosticId.BadAttachTarget, "'uprobe/no-colon'", "uprobe/", () => With("hook_uprobe", "uprobe_entry", program => program.Attach(), definition => definition.AttachTarget = "no-colon"));
        yield return ("sections: tracepoint that is not there", BpfDiagnosticId.NoSuchTracepoint, "sched/sched_swich", "sched_switch", () =>
            With("hook_tracepoint", "handle_switch", program => program.AttachTracepoint("sched", "sched_swich")));
        yield return ("sections: iterator of no map", BpfDiagnosticId.AttachFailed, "'dump_element'", "must be given", () => With("hook_iter", "dump_element", program => program.Attach()));
    }

    private static IEnumerable<(string Condition, BpfDiagnosticId Id, string Name, string Says, Action Provoke)> Tracing()
    {
        yield return ("tracing: raw tracepoint that is not there", BpfDiagnosticId.NoSuchTracepoint, "raw tracepoint sched_swich", "sched_switch", () =>
            With("hook_raw_tp", "raw_exec", program => program.AttachRawTracepoint("sched_swich")));
        yield return ("tracing: program of another type", BpfDiagnosticId.AttachFailed, "'xdp_plain'", "type RawTracepoint", () =>
            With("hook_xdp", "xdp_plain", program => program.AttachRawTracepoint("sched_switch")));
    }

    private static IEnumerable<(string Condition, BpfDiagnosticId Id, string Name, string Says, Action Provoke)> Kprobes()
    {
        yield return ("kprobe: function that is not there", BpfDiagnosticId.NoSuchKernelFunction, $"'{TracedFunction.Misspelt}'", TracedFunction.Name, () =>
            With("hook_kprobe", "kprobe_bare", program => program.AttachKprobe(TracedFunction.Misspelt)));
        yield return ("kprobe: function that cannot be probed", BpfDiagnosticId.NotTraceable, "'kprobe_bare'", "NOKPROBE", () =>
            With("hook_kprobe", "kprobe_bare", program => program.AttachKprobe(Processor.HiddenFunction)));
        if (HasFprobe)
        {
            yield return ("kprobe.multi: nothing matches", BpfDiagnosticId.NoMatch, "no_such_*", "match", () =>
                With("hook_kprobe_multi", "kprobe_multi", program => program.AttachKprobeMulti("no_such_*")));
        }
    }

    private static IEnumerable<(string Condition, BpfDiagnosticId Id, string Name, string Says, Action Provoke)> Binaries()
    {
        yield return ("binaries: not there", BpfDiagnosticId.NoSuchBinary, $"'{Nowhere}'", "/proc/PID/root", () => Uprobe(Nowhere, "main"));
        yield return ("binaries: library that is not found", BpfDiagnosticId.NoSuchBinary, "'libnowhere.so.1'", "Give its path", () => Uprobe("libnowhere.so.1", "main"));
        yield return ("binaries: no binary", BpfDiagnosticId.BadBinary, $"'{Text}'", "ELF", () => Uprobe(Text, "main"));
        yield return ("binaries: no such function", BpfDiagnosticId.NoSuchSymbol, NativeShims.UprobeLibrary, "no function 'nonsense'", () => Uprobe(NativeShims.UprobeLibrary, "nonsense"));
        yield return ("usdt: no such probe", BpfDiagnosticId.NoSuchUsdtProbe, "usdt_target:place", "usdt_target:places", () =>
            With("hook_usdt", "usdt_handle", program => program.AttachUsdt(NativeShims.UsdtTarget, "usdt_target", "place")));
        yield return ("usdt: program that is not one for it", BpfDiagnosticId.NoUsdtSpecs, "'uprobe_entry'", "usdt.bpf.h", () =>
            With("hook_uprobe", "uprobe_entry", program => program.AttachUsdt(NativeShims.UsdtTarget, "usdt_target", "places")));
    }

    private static IEnumerable<(string Condition, BpfDiagnosticId Id, string Name, string Says, Action Provoke)> Network()
    {
        yield return ("network: XDP of no device", BpfDiagnosticId.NoSuchInterface, "'loo'", "Did you mean lo", () => With("hook_xdp", "xdp_plain", program => program.AttachXdp("loo")));
        yield return ("network: XDP of no number", BpfDiagnosticId.NoSuchInterface, "1073741824", "device", () => With("hook_xdp", "xdp_plain", program => program.AttachXdp(1 << 30)));
        yield return ("network: XDP that the driver has not", BpfDiagnosticId.AttachFailed, "lo", "XdpMode.Generic", () => With("hook_xdp", "xdp_plain", program => program.AttachXdp("lo", new XdpOptions { Mode = XdpMode.Native })));
        yield return ("network: XDP by netlink that the driver has not", BpfDiagnosticId.AttachFailed, "lo", "RTM_SETLINK", () =>
            With("hook_xdp", "xdp_plain", program => program.AttachXdp("lo", new XdpOptions { UseNetlink = true, Mode = XdpMode.Native })));
        yield return ("network: XDP where another is", BpfDiagnosticId.AlreadyAttached, "XDP", "Detach it, or replace it", () => OnNetwork(network =>
            With("hook_xdp", "xdp_plain", program =>
            {
                using BpfLink first = program.AttachXdp(network.Device);
                return program.AttachXdp(network.Device);
            }
            )));
        yield return ("network: filter of no device", BpfDiagnosticId.NoSuchInterface, "1073741824", "device", () => With("hook_tc", "tc_plain", program => program.AttachTc(1 << 30, TrafficDirection.Ingress)));
        yield return ("network: filter where another is", BpfDiagnosticId.AlreadyAttached, "'tc_plain'", "TcOptions.Replace", () => OnNetwork(network =>
            With("hook_tc", "tc_plain", program =>
            {
                using BpfLink first = program.AttachTc(network.Device, TrafficDirection.Ingress, new TcOptions { Priority = 7, Handle = 1 });
                return program.AttachTc(network.Device, TrafficDirection.Ingress, new TcOptions { Priority = 7, Handle = 1 });
            }
            )));
        yield return ("network: an answer that cannot be read", BpfDiagnosticId.NotTakenBack, "XDP of", "may still be attached", () => OnNetwork(network =>
            With("hook_xdp", "xdp_plain", program =>
            {
                BpfLink? link = null;
                FailingCall.While(FailingCall.ReceiveFrom, Errno.ENOMEM, null, () => link = program.AttachXdp(network.Device, new XdpOptions { UseNetlink = true }));
                return link!;
            }
            )));
        yield return ("network: program of another type", BpfDiagnosticId.AttachFailed, "'tc_plain'", "EINVAL", () => With("hook_tc", "tc_plain", program => program.AttachXdp("lo")));
        yield return ("network: route of no device", BpfDiagnosticId.NoSuchInterface, "'none-such'", "no network device", () => With("hook_socket", "tunnel_in", program => program.AttachLwt(IPNetwork.Parse("198.51.100.0/24"), "none-such")));
        yield return ("network: no namespace", BpfDiagnosticId.AttachFailed, "/run/netns/nowhere", "/proc/PID/ns/net", () => With("hook_socket", "lookup", program => program.AttachNetns("/run/netns/nowhere")));
        yield return ("cgroup: not there", BpfDiagnosticId.NotACgroup, "'/sys/fs/cgroup/nowhere'", "cgroup", () => With("hook_cgroup", "skb_ingress", program => program.AttachCgroup("/sys/fs/cgroup/nowhere")));
        yield return ("cgroup: another directory", BpfDiagnosticId.NotACgroup, $"'{Path.GetTempPath()}'", "version 2", () => With("hook_cgroup", "skb_ingress", program => program.AttachCgroup(Path.GetTempPath())));
    }

    private static void Uprobe(string binary, string function) => With("hook_uprobe", "uprobe_entry", program => program.AttachUprobe(binary, function));

    private static void OnNetwork(Action<TestNetwork> use)
    {
        using var network = new TestNetwork();
        use(network);
    }

    /// <summary>Loads one program of an object, and attaches it.</summary>
    private static void With(string name, string program, Func<BpfProgram, BpfLink> attach, Action<BpfProgramDefinition>? change = null)
    {
        BpfObjectFile file = TestObjects.Open(name);
        foreach (BpfProgramDefinition definition in file.Programs) definition.AutoLoad = definition.Name == program;
        change?.Invoke(file.Programs[program]);
        KernelPolicy.Permits(file);
        using BpfObject loaded = file.Load();
        attach(loaded.Programs[program]).Dispose();
    }
}
