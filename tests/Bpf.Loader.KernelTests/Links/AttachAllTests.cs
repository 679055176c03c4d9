using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Objects;
using Xunit;

namespace Bpf.Loader.KernelTests.Links;

public sealed class AttachAllTests : KernelTest
{
    [Fact]
    public void Programs_run_where_their_sections_say()
    {
        using BpfObject bpf = TestObjects.Load("hook_tracepoint");
        using (BpfLinkCollection links = bpf.AttachAll())
        {
            Assert.Equal(["handle_enter", "handle_getpid", "handle_switch"], links.Select(link => link.Name));
            Assert.Equal("tracepoint sched/sched_switch", links["handle_switch"].Target);
            Assert.Empty(links.PassedOver);
            Assert.Empty(links.Failures);
            Syscalls.CallGetPriority(10);
            Assert.True(bpf.Globals["enters"].Get<ulong>() >= 10);
        }

        ulong enters = bpf.Globals["enters"].Get<ulong>();
        Syscalls.CallGetPriority(10);
        Assert.Equal(enters, bpf.Globals["enters"].Get<ulong>());
    }

    [Fact]
    public void Programs_without_a_target_are_passed_over_and_those_switched_off_are_not_looked_at()
    {
        BpfObjectFile file = TestObjects.Open("hook_uprobe");
        file.Programs["uprobe_return"].AutoAttach = false;
        using BpfObject bpf = file.Load();
        using BpfLinkCollection links = bpf.AttachAll();
        Assert.Equal(["uprobe_library"], links.Select(link => link.Name));
        Assert.Equal(["uprobe_entry"], links.PassedOver.Select(program => program.Name));
        BpfFinding finding = Assert.Single(links.Diagnostics);
        Assert.Equal((BpfDiagnosticId.ProgramPassedOver, BpfSeverity.Warning, "uprobe_entry"), (finding.Id, finding.Severity, finding.Place.Symbol));
        Assert.Equal("Its section 'uprobe' does not say what to attach it to.", finding.Cause);
        Assert.False(string.IsNullOrEmpty(finding.Cure));
        var error = Assert.Throws<BpfAttachException>(() => bpf.Programs["uprobe_entry"].Attach());
        Assert.Equal((BpfDiagnosticId.NoAutoAttach, Errno.EOPNOTSUPP), (error.Id, error.Errno));
    }

    [Fact]
    public void That_nothing_is_attached_is_told()
    {
        var told = new List<BpfFinding>();
        BpfObjectFile file = TestObjects.Open("hook_xdp");
        using BpfObject bpf = file.Load(new BpfLoadOptions { OnDiagnostic = told.Add });
        int before = told.Count;
        using BpfLinkCollection links = bpf.AttachAll();
        Assert.Empty(links);
        Assert.Equal(links.Diagnostics, told.Skip(before));
        Assert.Equal(told, bpf.Diagnostics);
        Assert.Equal(bpf.Programs.Count + 1, links.Diagnostics.Count);
        Assert.Contains("AttachXdp", links.Diagnostics[0].Message, StringComparison.Ordinal);
        Assert.Equal((BpfDiagnosticId.NothingAttached, BpfSeverity.Warning), (links.Diagnostics[^1].Id, links.Diagnostics[^1].Severity));

        foreach (BpfProgramDefinition program in file.Programs) program.AutoLoad = false;
        using BpfObject unloaded = file.Load();
        using BpfLinkCollection none = unloaded.AttachAll();
        Assert.Contains("not loaded", Assert.Single(none.Diagnostics).Message, StringComparison.Ordinal);
    }

    // Who drops what AttachAll gives has nothing attached a moment later.
    [Fact]
    public void A_link_that_the_collector_takes_is_told_once()
    {
        using var told = new BlockingCollection<BpfFinding>();
        using BpfObject bpf = TestObjects.Open("hook_tracepoint").Load(new BpfLoadOptions { OnDiagnostic = finding => { if (finding.Id == BpfDiagnosticId.LinkCollected) told.Add(finding); } });
        Drop(bpf);
        while (told.Count == 0)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        BpfFinding finding = told.Take();
        Assert.Equal(BpfSeverity.Warning, finding.Severity);
        Assert.Contains("'handle_switch' to tracepoint sched/sched_switch", finding.Message, StringComparison.Ordinal);
        Assert.Contains("detached", finding.What, StringComparison.Ordinal);
        Assert.False(string.IsNullOrEmpty(finding.Cause) || string.IsNullOrEmpty(finding.Cure));

        // Those that were disposed of, and those that shall live on, are none.
        Keep(bpf);
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.Empty(told);
        Assert.Single(bpf.Diagnostics, found => found.Id == BpfDiagnosticId.LinkCollected);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Drop(BpfObject bpf) => bpf.Programs["handle_switch"].Attach();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Keep(BpfObject bpf)
    {
        bpf.Programs["handle_switch"].Attach().Dispose();
        BpfLink link = bpf.Programs["handle_switch"].Attach();
        link.Disconnect();
    }

    [Fact]
    public void A_buffer_that_no_loaded_program_writes_to_is_told_once()
    {
        BpfObjectFile file = TestObjects.Open("execsnoop");
        using (BpfObject written = file.Load())
        {
            using var ring = written.Maps["events"].OpenRingBuffer();
            Assert.DoesNotContain(written.Diagnostics, finding => finding.Id == BpfDiagnosticId.BufferWithoutWriter);
        }

        foreach (BpfProgramDefinition program in file.Programs) program.AutoLoad = false;
        using BpfObject bpf = file.Load();
        for (int i = 0; i < 2; i++) bpf.Maps["events"].OpenRingBuffer().Dispose();
        BpfFinding finding = Assert.Single(bpf.Diagnostics, found => found.Id == BpfDiagnosticId.BufferWithoutWriter);
        Assert.Equal((BpfSeverity.Warning, "events"), (finding.Severity, finding.Place.Symbol));
        Assert.False(string.IsNullOrEmpty(finding.Cause) || string.IsNullOrEmpty(finding.Cure));

        // What another object is given, its programs may write to.
        using BpfObject lender = file.Load();
        foreach (BpfProgramDefinition program in file.Programs) program.AutoLoad = true;
        using BpfObject other = file.Load(new BpfLoadOptions { ReuseMaps = new Dictionary<string, BpfMap> { ["events"] = lender.Maps["events"] } });
        lender.Maps["events"].OpenRingBuffer().Dispose();
        other.Maps["events"].OpenRingBuffer().Dispose();
        Assert.DoesNotContain(lender.Diagnostics.Concat(other.Diagnostics), found => found.Id == BpfDiagnosticId.BufferWithoutWriter);
    }

    [Fact]
    public void A_target_that_was_set_before_the_load_counts()
    {
        BpfObjectFile file = TestObjects.Open("hook_uprobe");
        file.Programs["uprobe_entry"].AttachTarget = NativeShims.UprobeTarget + ":uprobe_target_add";
        file.Programs["uprobe_return"].AttachTarget = NativeShims.UprobeTarget + ":uprobe_target_static";
        using BpfObject bpf = file.Load();
        using BpfLinkCollection links = bpf.AttachAll();
        Assert.Equal(3, links.Count);
        int pid = NativeShims.RunTarget(NativeShims.UprobeTarget, 4);
        Assert.Equal((4u, 4u), (bpf.Globals["entries"].Get<ulong>(), bpf.Globals["returns"].Get<ulong>()));
        Assert.Equal((3u, 1u, (uint)pid), (bpf.Globals["last_first"].Get<ulong>(), bpf.Globals["last_second"].Get<ulong>(), bpf.Globals["last_pid"].Get<uint>()));
        Assert.Equal(6u, bpf.Globals["last_result"].Get<ulong>());
    }

    [Fact]
    public void A_refusal_detaches_what_was_attached_unless_it_is_to_go_on()
    {
        BpfObjectFile file = TestObjects.Open("hook_tracepoint");
        file.Programs["handle_switch"].AttachTarget = "sched/nonsense";
        using BpfObject bpf = file.Load();
        Assert.Equal(BpfDiagnosticId.NoSuchTracepoint, Assert.Throws<BpfAttachException>(() => bpf.AttachAll()).Id);
        ulong enters = bpf.Globals["enters"].Get<ulong>();
        Syscalls.CallGetPriority(10);
        Assert.Equal(enters, bpf.Globals["enters"].Get<ulong>());

        using BpfLinkCollection links = bpf.AttachAll(new BpfAttachAllOptions { ContinueOnError = true });
        Assert.Equal(2, links.Count);
        BpfAttachFailure failure = Assert.Single(links.Failures);
        Assert.Equal("handle_switch", failure.Name);
        Assert.IsType<BpfAttachException>(failure.Error);
    }

    [Fact]
    public void Raw_and_typed_tracepoints_run_their_programs() =>
        AssertRun("hook_raw_tp", () => NativeShims.RunTarget(NativeShims.UprobeTarget, 1), "execs", "enters", "switches");

    [Fact]
    public void Probes_of_kernel_functions_run_their_programs()
    {
        Requires.Kprobes();
        using BpfObject bpf = TestObjects.Load("hook_kprobe");
        using BpfLinkCollection links = bpf.AttachAll();
        Assert.Equal("kprobe_bare", Assert.Single(links.PassedOver).Name);
        Syscalls.UnlinkFile();
        Syscalls.UnlinkAtMissing();
        foreach (string name in (string[])["entries", "returns", "offsets"]) Assert.True(bpf.Globals[name].Get<ulong>() > 0, name);
        Assert.True(bpf.Globals["syscalls"].Get<ulong>() >= 2);
    }

    [Fact]
    public void Probes_of_many_kernel_functions_run_their_programs()
    {
        Requires.Fprobe();
        AssertRun("hook_kprobe_multi", () => Syscalls.UnlinkFile(), "entries", "returns");
    }

    [Fact]
    public void Probes_of_many_user_functions_run_their_programs()
    {
        Requires.UprobeMulti();
        BpfObjectFile file = TestObjects.Open("hook_uprobe_multi");
        foreach (BpfProgramDefinition program in file.Programs) program.AttachTarget = NativeShims.UprobeTarget + ":uprobe_target_*";
        using BpfObject bpf = file.Load();
        using (BpfLinkCollection links = bpf.AttachAll())
        {
            Assert.Equal(2, links.Count);
            NativeShims.RunTarget(NativeShims.UprobeTarget, 5);
        }

        // four functions, each called once a round
        Assert.Equal((20u, 20u), (bpf.Globals["entries"].Get<ulong>(), bpf.Globals["returns"].Get<ulong>()));
    }

    [Fact]
    public void Trampolines_run_their_programs_and_change_results()
    {
        Requires.Trampolines();
        AssertRun("hook_fentry", () => { Syscalls.UnlinkFile(); Syscalls.Ioctl(); }, "entries", "exits", "modified");

        using BpfObject bpf = TestObjects.Load("hook_fentry");
        using BpfLinkCollection links = bpf.AttachAll();
        Errno before = Syscalls.Ioctl();
        Assert.NotEqual(Errno.EPERM, before);
        bpf.Globals["deny_pid"].Set(Environment.ProcessId);
        Assert.Equal(Errno.EPERM, Syscalls.Ioctl());
        links["fmod_ret_ioctl"].Dispose();
        Assert.Equal(before, Syscalls.Ioctl());
    }

    private static void AssertRun(string name, Action act, params string[] counters)
    {
        using BpfObject bpf = TestObjects.Load(name);
        using BpfLinkCollection links = bpf.AttachAll();
        Assert.Equal(bpf.Programs.Count, links.Count);
        act();
        foreach (string counter in counters) Assert.True(bpf.Globals[counter].Get<ulong>() > 0, $"{counter} is still 0");
    }
}
