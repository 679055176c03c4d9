using System.Collections.Generic;
using static Bpf.Loader.Objects.SectionMatch;
using static Bpf.Loader.Objects.SectionTraits;
using Attach = Bpf.Loader.BpfAttachType;
using Kind = Bpf.Loader.Objects.AttachKind;
using Type = Bpf.Loader.BpfProgramType;

namespace Bpf.Loader.Objects;

public static partial class SectionTable
{
    private const string Function = "function[+offset]";
    private const string Pattern = "pattern";
    private const string FileFunction = "path:function[+offset]";
    private const string FilePattern = "path:pattern";
    private const string Probe = "path:provider:name";
    private const string Tracepoint = "category/name";
    private const string Name = "name";
    private const string ModuleFunction = "[module:]function";
    private const string ModulePattern = "[module:]pattern";

    private static void AddSocketsAndProbes(List<SectionDefinition> rows)
    {
        Row(rows, "socket", Exact, Type.SocketFilter);
        Row(rows, "sk_reuseport/migrate", Exact, Type.SkReusePort, Attach.SkReusePortSelectOrMigrate, Attachable);
        Row(rows, "sk_reuseport", Exact, Type.SkReusePort, Attach.SkReusePortSelect, Attachable);
        Row(rows, "kprobe", OptionalArgument, Type.Kprobe, 0, None, Kind.Kprobe, Function);
        Row(rows, "uprobe", OptionalArgument, Type.Kprobe, 0, None, Kind.Uprobe, FileFunction);
        Row(rows, "uprobe.s", OptionalArgument, Type.Kprobe, 0, Sleepable, Kind.Uprobe, FileFunction);
        Row(rows, "kretprobe", OptionalArgument, Type.Kprobe, 0, None, Kind.Kretprobe, "function");
        Row(rows, "uretprobe", OptionalArgument, Type.Kprobe, 0, None, Kind.Uretprobe, "path:function");
        Row(rows, "uretprobe.s", OptionalArgument, Type.Kprobe, 0, Sleepable, Kind.Uretprobe, "path:function");
        Row(rows, "kprobe.multi", OptionalArgument, Type.Kprobe, Attach.TraceKprobeMulti, None, Kind.KprobeMulti, Pattern);
        Row(rows, "kretprobe.multi", OptionalArgument, Type.Kprobe, Attach.TraceKprobeMulti, None, Kind.KretprobeMulti, Pattern);
        Row(rows, "kprobe.session", OptionalArgument, Type.Kprobe, Attach.TraceKprobeSession, None, Kind.KprobeSession, Pattern);
        Row(rows, "uprobe.multi", OptionalArgument, Type.Kprobe, Attach.TraceUprobeMulti, None, Kind.UprobeMulti, FilePattern);
        Row(rows, "uretprobe.multi", OptionalArgument, Type.Kprobe, Attach.TraceUprobeMulti, None, Kind.UretprobeMulti, FilePattern);
        Row(rows, "uprobe.session", OptionalArgument, Type.Kprobe, Attach.TraceUprobeSession, None, Kind.UprobeSession, FilePattern);
        Row(rows, "uprobe.multi.s", OptionalArgument, Type.Kprobe, Attach.TraceUprobeMulti, Sleepable, Kind.UprobeMulti, FilePattern);
        Row(rows, "uretprobe.multi.s", OptionalArgument, Type.Kprobe, Attach.TraceUprobeMulti, Sleepable, Kind.UretprobeMulti, FilePattern);
        Row(rows, "uprobe.session.s", OptionalArgument, Type.Kprobe, Attach.TraceUprobeSession, Sleepable, Kind.UprobeSession, FilePattern);
        Row(rows, "ksyscall", OptionalArgument, Type.Kprobe, 0, None, Kind.Ksyscall, "syscall");
        Row(rows, "kretsyscall", OptionalArgument, Type.Kprobe, 0, None, Kind.Kretsyscall, "syscall");
        Row(rows, "usdt", OptionalArgument, Type.Kprobe, 0, Usdt, Kind.Usdt, Probe);
        Row(rows, "usdt.s", OptionalArgument, Type.Kprobe, 0, Usdt | Sleepable, Kind.Usdt, Probe);
        Row(rows, "tc/ingress", Exact, Type.SchedCls, Attach.TcxIngress);
        Row(rows, "tc/egress", Exact, Type.SchedCls, Attach.TcxEgress);
        Row(rows, "tcx/ingress", Exact, Type.SchedCls, Attach.TcxIngress);
        Row(rows, "tcx/egress", Exact, Type.SchedCls, Attach.TcxEgress);
        Row(rows, "tc", Exact, Type.SchedCls);
        Row(rows, "classifier", Exact, Type.SchedCls);
        Row(rows, "action", Exact, Type.SchedAct);
        Row(rows, "netkit/primary", Exact, Type.SchedCls, Attach.NetkitPrimary);
        Row(rows, "netkit/peer", Exact, Type.SchedCls, Attach.NetkitPeer);
    }

    private static void AddTracing(List<SectionDefinition> rows)
    {
        foreach (string name in (string[])["tracepoint", "tp"])
            Row(rows, name, OptionalArgument, Type.Tracepoint, 0, None, Kind.Tracepoint, Tracepoint);
        foreach (string name in (string[])["tracepoint.s", "tp.s"])
            Row(rows, name, OptionalArgument, Type.Tracepoint, 0, Sleepable, Kind.Tracepoint, Tracepoint);
        foreach (string name in (string[])["raw_tracepoint", "raw_tp"])
            Row(rows, name, OptionalArgument, Type.RawTracepoint, 0, None, Kind.RawTracepoint, Name);
        foreach (string name in (string[])["raw_tracepoint.s", "raw_tp.s"])
            Row(rows, name, OptionalArgument, Type.RawTracepoint, 0, Sleepable, Kind.RawTracepoint, Name);
        foreach (string name in (string[])["raw_tracepoint.w", "raw_tp.w"])
            Row(rows, name, OptionalArgument, Type.RawTracepointWritable, 0, None, Kind.RawTracepoint, Name);

        PlainAndSleepable(rows, "tp_btf", Attach.TraceRawTp, NeedsTarget, Kind.BtfTracepoint, Name);
        PlainAndSleepable(rows, "fentry", Attach.TraceFEntry, NeedsTarget, Kind.Trampoline, ModuleFunction);
        PlainAndSleepable(rows, "fmod_ret", Attach.ModifyReturn, NeedsTarget, Kind.Trampoline, ModuleFunction);
        PlainAndSleepable(rows, "fexit", Attach.TraceFExit, NeedsTarget, Kind.Trampoline, ModuleFunction);
        PlainAndSleepable(rows, "fsession", Attach.TraceFSession, NeedsTarget, Kind.Trampoline, ModuleFunction);
        PlainAndSleepable(rows, "fsession.multi", Attach.TraceFSessionMulti, None, Kind.TrampolineMulti, ModulePattern);
        PlainAndSleepable(rows, "fentry.multi", Attach.TraceFEntryMulti, None, Kind.TrampolineMulti, ModulePattern);
        PlainAndSleepable(rows, "fexit.multi", Attach.TraceFExitMulti, None, Kind.TrampolineMulti, ModulePattern);
        Row(rows, "freplace", OptionalArgument, Type.Ext, 0, NeedsTarget, Kind.Replace, "function");
        Row(rows, "lsm", OptionalArgument, Type.Lsm, Attach.LsmMac, NeedsTarget, Kind.Lsm, "hook");
        Row(rows, "lsm.s", OptionalArgument, Type.Lsm, Attach.LsmMac, NeedsTarget | Sleepable, Kind.Lsm, "hook");
        Row(rows, "lsm_cgroup", OptionalArgument, Type.Lsm, Attach.LsmCgroup, NeedsTarget, Kind.None, "hook");
        PlainAndSleepable(rows, "iter", Attach.TraceIter, NeedsTarget, Kind.Iterator, "target");
        Row(rows, "syscall", Exact, Type.Syscall, 0, Sleepable);
    }

    private static void PlainAndSleepable(
        List<SectionDefinition> rows, string name, Attach attach, SectionTraits traits, Kind kind, string argument)
    {
        Row(rows, name, OptionalArgument, Type.Tracing, attach, traits, kind, argument);
        Row(rows, name + ".s", OptionalArgument, Type.Tracing, attach, traits | Sleepable, kind, argument);
    }
}
