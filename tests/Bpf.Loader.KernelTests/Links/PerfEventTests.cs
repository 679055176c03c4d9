using System;
using System.IO;
using System.Linq;
using System.Threading;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Bpf.Loader.Links.Info;
using Xunit;

namespace Bpf.Loader.KernelTests.Links;

public sealed class PerfEventTests : KernelTest
{
    [Fact]
    public void The_clock_samples_all_processes_on_all_CPUs()
    {
        using BpfObject bpf = TestObjects.Load("hook_perf_event");
        using (bpf.Programs["sample"].AttachPerfEvent(PerfEventDescription.Software(PerfSoftwareEvent.CpuClock), new PerfEventOptions { Frequency = 1000 }))
            WorkUntil(() => bpf.Globals["samples"].Get<ulong>() >= 3);
        ulong samples = bpf.Globals["samples"].Get<ulong>();
        Thread.Sleep(20);
        Assert.Equal(samples, bpf.Globals["samples"].Get<ulong>());
    }

    [Fact]
    public void The_clock_samples_one_process_and_not_another()
    {
        using var own = new AttachedProgram(BpfProgramType.PerfEvent);
        using var other = new AttachedProgram(BpfProgramType.PerfEvent);
        PerfEventDescription clock = PerfEventDescription.Software(PerfSoftwareEvent.TaskClock);
        NativeShims.Talk(NativeShims.UprobeTarget, process =>
        {
            // The target takes no time once it waits for what we say.
            while (!File.ReadAllText($"/proc/{process.Id}/stat").Contains(") S ", StringComparison.Ordinal)) Thread.Sleep(1);
            using BpfLink first = PerfEventProgramAttacher.Attach(own.Source, clock, new PerfEventOptions { ProcessId = 0, Frequency = 1000 });
            using BpfLink second = PerfEventProgramAttacher.Attach(other.Source, clock, new PerfEventOptions { ProcessId = process.Id, Frequency = 1000 });
            WorkUntil(() => own.Runs >= 3);
            Assert.Equal(0, other.Runs);
        });
    }

    [Fact]
    public void Page_faults_are_counted_one_by_one_with_a_cookie()
    {
        Requires.PerfLinks();
        using var program = new AttachedProgram(BpfProgramType.PerfEvent, ownProcess: true, body: AttachedProgram.KeepCookie);
        using BpfLink link = PerfEventProgramAttacher.Attach(
            program.Source, PerfEventDescription.Software(PerfSoftwareEvent.PageFaults), new PerfEventOptions { Cookie = 44, Cpu = null });
        byte[] fresh = GC.AllocateUninitializedArray<byte>(64 << 20);
        for (int i = 0; i < fresh.Length; i += 4096) fresh[i] = 1;
        Assert.True(program.Runs > 10, $"{program.Runs} faults"); // huge pages make them few
        Assert.Equal(44, program[1]);
    }

    // Counters of the processor: "cpu", one for each kind of core, or on Arm one with the core's name.
    [Theory]
    [InlineData(PerfHardwareEvent.CpuCycles)]
    [InlineData(PerfHardwareEvent.Instructions)]
    public void The_processor_samples_what_it_counts(PerfHardwareEvent counted)
    {
        using var program = new AttachedProgram(BpfProgramType.PerfEvent, ownProcess: true);
        BpfLink Attach() => PerfEventProgramAttacher.Attach(program.Source, PerfEventDescription.Hardware(counted), new PerfEventOptions { ProcessId = 0, Period = 1_000_000 });
        // What one of Arm counts, it lists.
        string listed = counted == PerfHardwareEvent.CpuCycles ? "cpu_cycles" : "inst_retired";
        if (!Directory.GetDirectories("/sys/bus/event_source/devices").Any(path => Path.GetFileName(path) is var name
            && (name == "cpu" || name.StartsWith("cpu_", StringComparison.Ordinal)
                || (name.StartsWith("armv", StringComparison.Ordinal) && File.Exists(Path.Combine(path, "events", listed))))))
        {
            Assert.Contains($"perf event {counted}", Assert.Throws<BpfAttachException>(Attach).Message, StringComparison.Ordinal);
            Assert.Skip("this machine's processor shows no counters");
        }

        using BpfLink link = Attach();
        WorkUntil(() => program.Runs >= 3);
    }

    [Fact]
    public void An_event_that_the_machine_lacks_is_named()
    {
        using var program = new AttachedProgram(BpfProgramType.PerfEvent);
        var error = Assert.Throws<BpfAttachException>(
            () => PerfEventProgramAttacher.Attach(program.Source, new PerfEventDescription(0, 4711, "nonsense"), new PerfEventOptions()));
        Assert.Contains("perf event nonsense", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<BpfAttachException>(() => PerfEventProgramAttacher.Attach(
            program.Source, PerfEventDescription.Software(PerfSoftwareEvent.CpuClock), new PerfEventOptions { Cpu = 4000, Period = 1_000_000 }));
        Assert.True(error.Errno is Errno.ENODEV or Errno.EINVAL);
    }

    [Fact]
    public void What_a_link_of_an_event_is_of_is_told()
    {
        Requires.PerfLinks();
        Assert.SkipWhen(Environment.OSVersion.Version < new Version(6, 6), "the kernel tells it since Linux 6.6");
        using var sample = new AttachedProgram(BpfProgramType.PerfEvent);
        using BpfLink clock = PerfEventProgramAttacher.Attach(
            sample.Source, PerfEventDescription.Software(PerfSoftwareEvent.CpuClock), new PerfEventOptions { Cpu = 0, Period = 1_000_000_000 });
        Assert.Equal(PerfEventLinkKind.Event, Assert.IsType<PerfEventLinkInfo>(clock.GetInfo()).Kind);

        using var probe = new AttachedProgram(BpfProgramType.Kprobe);
        using BpfLink uprobe = UprobeAttacher.Attach(probe.Source, NativeShims.UprobeTarget, "uprobe_target_add", true, new UprobeOptions());
        var told = Assert.IsType<PerfEventLinkInfo>(uprobe.GetInfo());
        Assert.Equal((PerfEventLinkKind.Uretprobe, NativeShims.UprobeTarget), (told.Kind, told.Name));
        using Loader.Links.Binaries.BinaryImage image = Loader.Links.Binaries.BinaryImage.Open(NativeShims.UprobeTarget);
        ulong offset = Loader.Links.Binaries.BinarySymbols.FindFunction(image, "uprobe_target_add");
        Assert.Equal(offset, told.Offset);

        using var point = new AttachedProgram(BpfProgramType.Tracepoint);
        using BpfLink tracepoint = TracepointAttacher.Attach(point.Source, "sched", "sched_process_exec", 0);
        told = Assert.IsType<PerfEventLinkInfo>(tracepoint.GetInfo());
        Assert.Equal((PerfEventLinkKind.Tracepoint, "sched_process_exec"), (told.Kind, told.Name));
    }

    // However slow the machine, a loop that works gets its samples in the end.
    private static void WorkUntil(Func<bool> seen)
    {
        double sum = 0;
        for (long i = 0; !seen(); i++)
        {
            Assert.True(i < 200_000, $"no samples after much work ({sum})");
            for (int j = 0; j < 10_000; j++) sum += Math.Sqrt(j);
        }
    }
}
