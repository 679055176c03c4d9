using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Kernel;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Xunit;

namespace Bpf.Loader.KernelTests;

public sealed class FeatureProbeTests : KernelTest
{
    private static readonly Version Kernel = Environment.OSVersion.Version;

    // Where the code of a hook is not built in, the kernel does not know the type: the symbol tells.
    private static readonly Dictionary<BpfAttachType, string> BuiltIn = new()
    {
        [BpfAttachType.LircMode2] = "lirc_prog_attach",
        [BpfAttachType.NetkitPrimary] = "netkit_link_attach",
        [BpfAttachType.NetkitPeer] = "netkit_link_attach",
        [BpfAttachType.TcxIngress] = "tcx_link_attach",
        [BpfAttachType.TcxEgress] = "tcx_link_attach",
        [BpfAttachType.Netfilter] = "bpf_nf_link_attach",
        [BpfAttachType.TraceKprobeMulti] = "register_fprobe_ips",
        [BpfAttachType.TraceKprobeSession] = "register_fprobe_ips",
        [BpfAttachType.TraceUprobeMulti] = "bpf_uprobe_multi_link_attach",
        [BpfAttachType.TraceUprobeSession] = "bpf_uprobe_multi_link_attach",
        [BpfAttachType.LsmMac] = "bpf_lsm_verify_prog",
        [BpfAttachType.LsmCgroup] = "bpf_lsm_verify_prog",
        [BpfAttachType.PerfEvent] = "bpf_perf_link_attach",
    };

    public static TheoryData<BpfAttachType> AttachTypes => [.. Enum.GetValues<BpfAttachType>()];

    [Theory]
    [MemberData(nameof(AttachTypes))]
    public void An_attach_type_is_there_if_the_kernel_lists_it_and_is_built_with_it(BpfAttachType type)
    {
        bool isListed = KernelEnum("bpf_attach_type").Contains((long)type);
        bool isBuiltIn = !BuiltIn.TryGetValue(type, out string? function) || Requires.Has(function);
        BpfSupport found = BpfFeatures.Probe(type);
        // A kernel that forbids such programs to everybody lets nobody know.
        if (found == BpfSupport.NotPermitted) KernelPolicy.Permits(TypeOf(type), type);

        Assert.Equal(isListed && isBuiltIn ? BpfSupport.Yes : BpfSupport.No, found);
    }

    [Theory]
    [InlineData(BpfFeature.KernelBtf, 5, 4)]
    [InlineData(BpfFeature.ModuleBtf, 5, 11)]
    [InlineData(BpfFeature.ProgramBtf, 5, 0)]
    [InlineData(BpfFeature.GlobalData, 5, 2)]
    [InlineData(BpfFeature.MappableArrays, 5, 5)]
    [InlineData(BpfFeature.RingBuffer, 5, 8)]
    [InlineData(BpfFeature.Links, 5, 7)]
    [InlineData(BpfFeature.PerfLinks, 5, 15)]
    [InlineData(BpfFeature.Cookies, 5, 15)]
    [InlineData(BpfFeature.Uprobes, 3, 5)]
    [InlineData(BpfFeature.BatchOperations, 5, 6)]
    [InlineData(BpfFeature.BoundedLoops, 5, 3)]
    [InlineData(BpfFeature.LargePrograms, 5, 2)]
    public void An_ability_is_there_since_its_kernel(BpfFeature feature, int major, int minor)
        => Assert.Equal(Kernel >= new Version(major, minor) ? BpfSupport.Yes : BpfSupport.No, BpfFeatures.Probe(feature));

    [Theory]
    [InlineData(BpfFeature.Kprobes, "perf_kprobe_init")]
    [InlineData(BpfFeature.KprobeMulti, "register_fprobe_ips")]
    [InlineData(BpfFeature.UprobeMulti, "bpf_uprobe_multi_link_attach")]
    public void An_ability_is_there_if_the_kernel_is_built_with_it(BpfFeature feature, string function)
        => Assert.Equal(Requires.Has(function) ? BpfSupport.Yes : BpfSupport.No, BpfFeatures.Probe(feature));

    [Fact]
    public void Security_hooks_are_there_if_they_are_enabled()
    {
        BpfSupport found = BpfFeatures.Probe(BpfFeature.BpfLsm);
        if (BpfFeatures.Probe(BpfProgramType.Lsm) != BpfSupport.Yes) Assert.Equal(BpfFeatures.Probe(BpfProgramType.Lsm), found);
        else if (!File.Exists("/sys/kernel/security/lsm")) Assert.Equal(BpfSupport.NotPermitted, found);
        else Assert.Equal(File.ReadAllText("/sys/kernel/security/lsm").Split(',').Contains("bpf"), found == BpfSupport.Yes);
    }

    [Fact]
    public void Types_are_told_as_by_the_functions_that_throw()
    {
        foreach (BpfMapType type in Enum.GetValues<BpfMapType>()) Assert.Equal(BpfFeatures.Supports(type) ? BpfSupport.Yes : BpfSupport.No, BpfFeatures.Probe(type));
        Assert.Equal(BpfSupport.Yes, BpfFeatures.Probe(BpfProgramType.SocketFilter));
        Assert.Equal(BpfSupport.No, BpfFeatures.Probe((BpfProgramType)1000));
        Assert.Equal(BpfSupport.No, BpfFeatures.Probe((BpfAttachType)1000));
        Assert.Equal(BpfSupport.Yes, BpfFeatures.ProbeHelper(BpfProgramType.Kprobe, "bpf_ktime_get_ns"));
        Assert.Equal(BpfSupport.No, BpfFeatures.ProbeHelper(BpfProgramType.SocketFilter, "bpf_override_return"));
    }

    [Fact]
    public void Functions_that_programs_may_call_are_told_from_others()
    {
        Assert.Equal(BpfSupport.No, BpfFeatures.ProbeKernelFunction(BpfProgramType.SocketFilter, "schedule"));
        Assert.Equal(BpfSupport.No, BpfFeatures.ProbeKernelFunction(BpfProgramType.Xdp, "bpf_no_such_function"));
        Assert.Throws<ArgumentException>(() => BpfFeatures.ProbeKernelFunction(BpfProgramType.StructOps, "schedule"));
        if (Kernel >= new Version(6, 4)) Assert.Equal(BpfSupport.Yes, BpfFeatures.ProbeKernelFunction(BpfProgramType.Xdp, "bpf_dynptr_from_xdp"));
        if (Kernel >= new Version(6, 4)) Assert.Equal(BpfSupport.No, BpfFeatures.ProbeKernelFunction(BpfProgramType.Kprobe, "bpf_dynptr_from_xdp"));
    }

    [Fact]
    public void Functions_that_can_be_traced_are_told_from_others()
    {
        Requires.Trampolines();
        Assert.Equal(BpfSupport.Yes, BpfFeatures.ProbeFEntry(TracedFunction.Name));
        Assert.Equal(BpfSupport.Yes, BpfFeatures.ProbeFEntry("vmlinux:" + TracedFunction.Name));
        Assert.Equal(BpfSupport.No, BpfFeatures.ProbeFEntry("no_such_function"));
        Assert.Equal(BpfSupport.No, BpfFeatures.ProbeFEntry("no_such_module:" + TracedFunction.Name));
        Assert.Equal(BpfSupport.No, BpfFeatures.ProbeFEntry("bpf_prog_run_clear_cb")); // inlined
        BpfSupport ofModules = Kernel >= new Version(5, 11) ? BpfSupport.Yes : BpfSupport.No;
        Assert.Equal(ofModules, BpfFeatures.ProbeFEntry("veth:veth_xmit"));
        Assert.Equal(ofModules, BpfFeatures.ProbeFEntry("veth_xmit"));
    }

    [Fact]
    public void Where_tracing_is_forbidden_nobody_can_tell()
    {
        Assert.SkipWhen(KernelPolicy.RefusalOf(BpfProgramType.Tracing, BpfAttachType.TraceFEntry) is null, "this kernel lets its functions be traced");
        Assert.Equal(BpfSupport.NotPermitted, BpfFeatures.ProbeFEntry(TracedFunction.Name));
    }

    [Fact]
    public void Without_kprobes_no_symbol_can_be_probed()
    {
        Assert.SkipWhen(Requires.Has("perf_kprobe_init"), "this kernel has kprobes");
        Assert.Equal(BpfSupport.No, BpfFeatures.ProbeKprobe(TracedFunction.Name));
    }

    [Fact]
    public void Symbols_that_can_be_probed_are_told_from_others()
    {
        Requires.Kprobes();
        Assert.Equal(BpfSupport.Yes, BpfFeatures.ProbeKprobe(TracedFunction.Name));
        Assert.Equal(BpfSupport.No, BpfFeatures.ProbeKprobe("no_such_function"));
        Assert.Equal(BpfSupport.No, BpfFeatures.ProbeKprobe("kprobe_dispatcher")); // NOKPROBE_SYMBOL
    }

    [Fact]
    public void Tracepoints_are_told_from_others()
    {
        Assert.Equal(BpfSupport.Yes, BpfFeatures.ProbeTracepoint("sched", "sched_switch"));
        Assert.Equal(BpfSupport.No, BpfFeatures.ProbeTracepoint("sched", "sched_twitch"));
        Assert.Equal(BpfSupport.Yes, BpfFeatures.ProbeRawTracepoint("sched_switch"));
        Assert.Equal(BpfSupport.No, BpfFeatures.ProbeRawTracepoint("sched_twitch"));
    }

    [Fact]
    public void The_configuration_is_that_of_the_file()
    {
        BpfSupport found = BpfFeatures.ProbeConfig("CONFIG_BPF_SYSCALL", out string? value);
        bool isShown = File.Exists("/proc/config.gz") || File.Exists($"/boot/config-{KernelVersion.Release}");
        Assert.Equal(isShown ? (BpfSupport.Yes, "y") : (BpfSupport.NotPermitted, null), (found, value));
        Assert.Equal(isShown ? BpfSupport.No : BpfSupport.NotPermitted, BpfFeatures.ProbeConfig("CONFIG_BPF_NO_SUCH_OPTION", out _));
    }

    [Fact]
    public void Who_may_not_ask_is_told_so_and_may_ask_again()
    {
        var found = new List<BpfSupport>();
        WithoutRights.Run(() => found.AddRange([
            BpfFeatures.ProbeHelper(BpfProgramType.PerfEvent, "bpf_get_stackid"),
            BpfFeatures.ProbeRawTracepoint("sched_waking"),
            BpfFeatures.ProbeKernelFunction(BpfProgramType.SchedAct, "bpf_dynptr_from_skb"),
        ]));
        Assert.Equal([BpfSupport.NotPermitted, BpfSupport.NotPermitted], found.Take(2));
        Assert.NotEqual(BpfSupport.Yes, found[2]);
        Assert.Equal(BpfSupport.Yes, BpfFeatures.ProbeHelper(BpfProgramType.PerfEvent, "bpf_get_stackid"));
        Assert.Equal(BpfSupport.Yes, BpfFeatures.ProbeRawTracepoint("sched_waking"));
    }

    private static BpfProgramType TypeOf(BpfAttachType type) => type switch
    {
        BpfAttachType.LsmMac or BpfAttachType.LsmCgroup => BpfProgramType.Lsm,
        BpfAttachType.TraceKprobeMulti or BpfAttachType.TraceKprobeSession => BpfProgramType.Kprobe,
        _ => BpfProgramType.Tracing,
    };

    private static HashSet<long> KernelEnum(string name)
    {
        Assert.True(KernelBtf.Vmlinux.TryFind(name, BtfKind.Enum, out BtfTypeId id));
        return [.. KernelBtf.Vmlinux[id].Enumerators.Where(value => !value.Name.StartsWith("__", StringComparison.Ordinal)).Select(value => value.Value)];
    }
}
