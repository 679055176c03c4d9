using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading.Tasks;
using Bpf.Loader.Btf;
using Bpf.Loader.Instructions;
using Bpf.Loader.Interop;
using Bpf.Loader.Interop.Uapi;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Bpf.Loader.Links.Info;
using Bpf.Loader.Links.Network;
using Bpf.Loader.Links.Queries;
using Bpf.Loader.Maps;
using Bpf.Loader.Objects;
using Xunit;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.KernelTests.Links;

/// <summary>Hooks and parameters that have no file of their own.</summary>
public sealed class MoreHookTests : KernelTest
{
    private const int Next = -1, GetProcessor = 8;

    private const uint BreakpointType = 5; // PERF_TYPE_BREAKPOINT

    [Theory]
    [InlineData(CgroupOrder.SelfOnly, 1)]
    [InlineData(CgroupOrder.DescendantsParentsFirst, 3)]
    [InlineData(CgroupOrder.DescendantsChildrenFirst, 3)]
    public void Cgroups_are_gone_over_in_the_order_that_was_asked_for(CgroupOrder order, int cgroups)
    {
        Requires.Function("bpf_iter_cgroup", "iterators of cgroups (Linux 6.1)");
        using var cgroup = new TestCgroup();
        Directory.CreateDirectory(cgroup.Path + "/a/b");
        try
        {
            using var program = new AttachedProgram(BpfProgramType.Tracing, BpfAttachType.TraceIter, target: ("bpf_iter_cgroup", BtfKind.Function));
            using BpfIteratorLink link = IteratorAttacher.Attach(program.Source, "iterator cgroup", new IteratorOptions { CgroupPath = cgroup.Path, CgroupOrder = order });
            var info = Assert.IsType<IteratorLinkInfo>(link.GetInfo());
            Assert.Equal(("cgroup", cgroup.Id, order), (info.TargetName, info.CgroupId, info.CgroupOrder));
            Read(link);
            Assert.Equal(cgroups + 1, program.Runs); // at the end it runs once without a cgroup
        }
        finally
        {
            Directory.Delete(cgroup.Path + "/a/b");
            Directory.Delete(cgroup.Path + "/a");
        }
    }

    [Fact]
    public void Cgroups_are_gone_over_up_to_the_root()
    {
        Requires.Function("bpf_iter_cgroup", "iterators of cgroups (Linux 6.1)");
        using var cgroup = new TestCgroup();
        using var program = new AttachedProgram(BpfProgramType.Tracing, BpfAttachType.TraceIter, target: ("bpf_iter_cgroup", BtfKind.Function));
        using BpfIteratorLink link = IteratorAttacher.Attach(program.Source, "iterator cgroup", new IteratorOptions { CgroupPath = cgroup.Path, CgroupOrder = CgroupOrder.AncestorsUp });
        Read(link);
        Assert.Equal(2 + 1, program.Runs); // itself and the root
    }

    [Theory]
    [InlineData("task_file")]
    [InlineData("task_vma")]
    public void Files_and_memory_of_one_process_are_gone_over(string target)
    {
        Requires.Function($"bpf_iter_{target}", $"iterators of {target}");
        using var all = new AttachedProgram(BpfProgramType.Tracing, BpfAttachType.TraceIter, target: ($"bpf_iter_{target}", BtfKind.Function));
        using var one = new AttachedProgram(BpfProgramType.Tracing, BpfAttachType.TraceIter, target: ($"bpf_iter_{target}", BtfKind.Function));
        using (BpfIteratorLink link = IteratorAttacher.Attach(all.Source, target, new IteratorOptions())) Read(link);
        if (IteratorTests.KnowsNoTasks(() => IteratorAttacher.Attach(one.Source, target, new IteratorOptions { ProcessId = Environment.ProcessId }))) return;
        using (BpfIteratorLink link = IteratorAttacher.Attach(one.Source, target, new IteratorOptions { ProcessId = Environment.ProcessId }))
        {
            Assert.Equal((target, Environment.ProcessId), (((IteratorLinkInfo)link.GetInfo()).TargetName, ((IteratorLinkInfo)link.GetInfo()).ProcessId));
            Read(link);
        }

        Assert.InRange(one.Runs, 3, all.Runs);
    }

    [Fact]
    public void A_writable_tracepoint_changes_what_the_kernel_goes_on_with()
    {
        using BpfObject packets = TestObjects.Load("hook_xdp", "xdp_plain");
        BpfProgram tested = packets.Programs["xdp_plain"];
        tested.TestRun(new BpfTestRunOptions { Data = new byte[64] });
        // bpf_test_finish(int *err): what is written there becomes the result of the test run.
        using var program = new AttachedProgram(BpfProgramType.RawTracepointWritable, ownProcess: false, body: code => code
            .Load(BpfAccessSize.DoubleWord, R1, R6, 0).Store(BpfAccessSize.Word, R1, 0, -(int)Errno.ENOTUNIQ));
        using (RawTracepointAttacher.Attach(program.Source, "bpf_test_finish", 0))
            Assert.Equal(Errno.ENOTUNIQ, Assert.Throws<BpfException>(() => tested.TestRun(new BpfTestRunOptions { Data = new byte[64] })).Errno);
        tested.TestRun(new BpfTestRunOptions { Data = new byte[64] });
        Assert.True(program.Runs >= 1);
    }

    [Fact]
    public async Task One_processor_alone_is_sampled()
    {
        int cpu = Environment.ProcessorCount - 1;
        using var program = new AttachedProgram(BpfProgramType.PerfEvent, body: code => code
            .CallHelper(GetProcessor).JumpIf(BpfCondition.Equal, R0, cpu, "expected")
            .Move(R1, 1).Atomic(BpfAtomicOperation.Add, BpfAccessSize.DoubleWord, R7, 8, R1).Label("expected"));
        using BpfLink link = PerfEventProgramAttacher.Attach(
            program.Source, PerfEventDescription.Software(PerfSoftwareEvent.CpuClock), new PerfEventOptions { Cpu = cpu, Frequency = 1000 });
        // A processor that has nothing to do may stop its clock, and is not sampled then: it is kept at work.
        Task<long> work = Task.Factory.StartNew(
            () =>
            {
                Cpu.StayOn(cpu);
                for (int i = 0; program.Runs < 5 && i < 2_000_000; i++) { }
                return program.Runs;
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        Assert.InRange(await work, 5, long.MaxValue);
        Assert.Equal(0, program[1]);
    }

    [Fact]
    public void A_write_to_an_address_is_seen_where_the_processor_watches()
    {
        using var program = new AttachedProgram(BpfProgramType.PerfEvent, ownProcess: true);
        nint address = Marshal.AllocHGlobal(64);
        try
        {
            nint aligned = (address + 15) & ~7;
            BpfLink Attach() => PerfEventProgramAttacher.Attach(
                program.Source, PerfEventDescription.Breakpoint((ulong)aligned, PerfBreakpointAccess.Write, 8), new PerfEventOptions { ProcessId = 0 });

            // Hypervisors may keep the debug registers for themselves: a counter of ours tells what there is to be seen. It goes before
            // the program comes, because some emulators tell of one only of those that watch an address.
            var counted = new PerfEventAttr { Type = BreakpointType, BreakpointType = 2, Config1 = (ulong)aligned, Config2 = 8 };
            byte[] writes = new byte[8];
            using (FileDescriptorHandle? counter = PerfEvent.Open(ref counted, 0, -1, out Errno errno))
            {
                if (counter is null)
                {
                    Assert.Equal(errno, Assert.Throws<BpfAttachException>(Attach).Errno);
                    Assert.Skip($"this machine lends its breakpoints to nobody ({errno})");
                }

                for (int i = 0; i < 10; i++) Marshal.WriteInt64(aligned, i);
                Assert.Equal(8, KernelFile.Read(counter, writes, out _));
            }

            using (Attach())
            {
                for (int i = 0; i < 10; i++) Marshal.WriteInt64(aligned, i);
            }

            // On an emulated processor, Linux 6.1 counts the writes and samples none.
            bool isEmulated = File.ReadAllText("/proc/cpuinfo").Contains("QEMU TCG", StringComparison.Ordinal);
            Assert.SkipWhen(isEmulated && program.Runs == 0, "this emulated processor's breakpoints are counted, and not sampled");
            Assert.Equal(BitConverter.ToInt64(writes), program.Runs);
            Assert.True(program.Runs is 0 or 10, $"{program.Runs} of 10 writes were seen");
        }
        finally
        {
            Marshal.FreeHGlobal(address);
        }
    }

    [Fact]
    public void Links_of_tcx_and_of_namespaces_are_updated()
    {
        using var network = new TestNetwork();
        using AttachedProgram first = new(BpfProgramType.SkLookup, BpfAttachType.SkLookup, returns: 1), second = new(BpfProgramType.SkLookup, BpfAttachType.SkLookup, returns: 1);
        using (BpfLink link = NetnsAttacher.Attach(first.Source, network.NamespacePath))
        {
            link.Update(second.Source.Handle, first.Source.Handle);
            Assert.Equal(second.Id, link.GetInfo().ProgramId);
            Assert.Equal(Errno.EPERM, Assert.Throws<BpfException>(() => link.Update(first.Source.Handle, first.Source.Handle)).Errno);
        }

        Requires.Function("tcx_link_attach", "tcx (Linux 6.6)");
        using AttachedProgram before = new(BpfProgramType.SchedCls, returns: Next), after = new(BpfProgramType.SchedCls, returns: Next);
        using BpfLink tcx = DeviceLinkAttacher.Attach(before.Source, NetworkInterface.Find(network.Device), BpfAttachType.TcxIngress, AttachOrder.Last);
        network.ReceiveUntil(() => before.Runs >= 3);
        tcx.Update(after.Source.Handle, before.Source.Handle);
        long runs = before.Runs;
        network.ReceiveUntil(() => after.Runs >= 3);
        Assert.Equal(runs, before.Runs);
        Assert.Equal(after.Id, tcx.GetInfo().ProgramId);
    }

    [Fact]
    public void A_function_of_a_module_runs_the_program()
    {
        Requires.Trampolines();
        Requires.Function("veth_xmit", "the module veth");
        Requires.ModuleTypes("veth");
        BpfObjectFile file = TestObjects.Open("hook_fentry");
        foreach (BpfProgramDefinition definition in file.Programs) definition.AutoLoad = definition.Name == "fexit_unlink";
        file.Programs["fexit_unlink"].AttachTarget = "veth:veth_xmit"; // two arguments and a result, like do_unlinkat
        KernelPolicy.Permits(file);
        using BpfObject bpf = file.Load();
        using var network = new TestNetwork();
        using (BpfLink link = bpf.Programs["fexit_unlink"].Attach())
        {
            Assert.NotEqual(1u, Assert.IsType<TracingLinkInfo>(link.GetInfo()).TargetObjectId); // 1 is the kernel's own
            network.SendUntil(() => bpf.Globals["exits"].Get<ulong>() >= 3);
        }

        file.Programs["fexit_unlink"].AttachTarget = "no_such_module:veth_xmit";
        Assert.Contains("no_such_module", Assert.Throws<BpfException>(() => file.Load()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Targets_that_are_not_there_are_named_with_close_ones()
    {
        Requires.RealProcessor();
        BpfObjectFile file = TestObjects.Open("hook_fentry");
        foreach (BpfProgramDefinition definition in file.Programs) definition.AutoLoad = definition.Name == "fexit_unlink";
        string Refusal(string target)
        {
            file.Programs["fexit_unlink"].AttachTarget = target;
            return Assert.Throws<BpfException>(() => file.Load()).Message;
        }

        Assert.Contains($"Did you mean '{TracedFunction.Name}'?", Refusal(TracedFunction.Name + "t"), StringComparison.Ordinal);
        Assert.Contains("inlined", Refusal("zzz_no_such_function_at_all_zzz"), StringComparison.Ordinal);
        // The entry of the kernel's own code in assembly has a symbol and no type.
        Assert.Contains("a kprobe may do", Refusal(Processor.Assembly), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CgroupAttachMode.Multiple, HookFlags.AllowMulti)]
    [InlineData(CgroupAttachMode.Overridable, HookFlags.AllowOverride)]
    [InlineData(CgroupAttachMode.Exclusive, HookFlags.None)]
    public void Every_hook_of_a_cgroup_takes_its_program_in_the_older_way(CgroupAttachMode mode, HookFlags flags)
    {
        using var cgroup = new TestCgroup();
        using BpfObject bpf = TestObjects.Load("hook_cgroup");
        foreach (BpfProgram program in bpf.Programs)
        {
            using (BpfLink link = program.AttachCgroup(cgroup.Path, new CgroupOptions { Mode = mode }))
            {
                Assert.False(link.IsKernelLink);
                HookState state = HookQuery.OfCgroup(cgroup.Path, program.ExpectedAttachType);
                Assert.Equal(program.Id, Assert.Single(state.Programs).ProgramId);
                Assert.Equal(flags, state.Flags);
            }

            Assert.Empty(HookQuery.OfCgroup(cgroup.Path, program.ExpectedAttachType).Programs);
        }
    }

    [Fact]
    public void Programs_of_a_cgroup_stand_in_the_order_that_was_asked_for()
    {
        Assert.SkipWhen(Environment.OSVersion.Version < new Version(6, 17), "the order of programs of cgroups came with Linux 6.17");
        using var cgroup = new TestCgroup();
        using AttachedProgram first = Connect(), middle = Connect(), last = Connect();
        using BpfLink link = CgroupAttacher.Attach(middle.Source, cgroup.Path, new CgroupOptions());
        using BpfLink before = CgroupAttacher.Attach(first.Source, cgroup.Path, new CgroupOptions { Order = AttachOrder.Before(link) });
        using BpfLink after = CgroupAttacher.Attach(last.Source, cgroup.Path, new CgroupOptions { Order = AttachOrder.After(link) });
        HookState state = HookQuery.OfCgroup(cgroup.Path, BpfAttachType.CgroupInet4Connect);
        Assert.Equal([first.Id, middle.Id, last.Id], state.Programs.Select(program => program.ProgramId));
        Assert.Equal(Errno.ESTALE, Assert.Throws<BpfAttachException>(
            () => CgroupAttacher.Attach(last.Source, cgroup.Path, new CgroupOptions { Order = AttachOrder.First with { ExpectedRevision = state.Revision + 5 } })).Errno);

        static AttachedProgram Connect() => new(BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupInet4Connect, returns: 1);
    }

    [Fact]
    public void Whoever_is_in_the_way_is_named()
    {
        using var cgroup = new TestCgroup();
        using AttachedProgram first = new(BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupInet4Connect, returns: 1);
        using AttachedProgram second = new(BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupInet4Connect, returns: 1);
        using (CgroupAttacher.Attach(first.Source, cgroup.Path, new CgroupOptions { Mode = CgroupAttachMode.Exclusive }))
        {
            var error = Assert.Throws<BpfAttachException>(() => CgroupAttacher.Attach(second.Source, cgroup.Path, new CgroupOptions { Mode = CgroupAttachMode.Multiple }));
            Assert.Contains($"(program {first.Id} 'attached')", error.Message, StringComparison.Ordinal);
        }

        using BpfMap map = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.SockMap, Name = "sockets", KeySize = 4, ValueSize = 4, MaxEntries = 2 });
        if (!Requires.Has("sock_map_bpf_prog_query") || !Requires.Has("sock_map_link_create")) return;
        using AttachedProgram verdict = new(BpfProgramType.SkSkb, BpfAttachType.SkSkbStreamVerdict, returns: 1), other = new(BpfProgramType.SkSkb, BpfAttachType.SkSkbStreamVerdict, returns: 1);
        using (SockMapAttacher.Attach(verdict.Source, map))
        {
            var error = Assert.Throws<BpfAttachException>(() => SockMapAttacher.Attach(other.Source, map));
            Assert.Equal(BpfDiagnosticId.AlreadyAttached, error.Id);
            Assert.Contains($"(program {verdict.Id} 'attached')", error.Message, StringComparison.Ordinal);
        }
    }

    private static void Read(BpfIteratorLink link)
    {
        using Stream stream = link.OpenRead();
        stream.CopyTo(Stream.Null);
    }
}
