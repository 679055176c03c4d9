using System;
using System.Linq;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Objects;
using Xunit;

namespace Bpf.Loader.KernelTests.Links;

public sealed class AttachAllTests : KernelTest
{
    [Fact]
    public void Programs_run_where_their_sections_say()
    {
        using BpfObject bpf = TestObjects.Open("hook_tracepoint").Load();
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
        var error = Assert.Throws<BpfAttachException>(() => bpf.Programs["uprobe_entry"].Attach());
        Assert.Equal((BpfDiagnosticId.NoAutoAttach, Errno.EOPNOTSUPP), (error.Id, error.Errno));
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
        using BpfObject bpf = TestObjects.Open("hook_kprobe").Load();
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

        using BpfObject bpf = TestObjects.Open("hook_fentry").Load();
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
        using BpfObject bpf = TestObjects.Open(name).Load();
        using BpfLinkCollection links = bpf.AttachAll();
        Assert.Equal(bpf.Programs.Count, links.Count);
        act();
        foreach (string counter in counters) Assert.True(bpf.Globals[counter].Get<ulong>() > 0, $"{counter} is still 0");
    }
}
