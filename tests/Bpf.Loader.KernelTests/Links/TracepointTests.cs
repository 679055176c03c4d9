using System;
using Bpf.Loader.Btf;
using Bpf.Loader.Instructions;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Xunit;
using static Bpf.Loader.Instructions.BpfAccessSize;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.KernelTests.Links;

public sealed class TracepointTests : KernelTest
{
    [Fact]
    public void A_tracepoint_runs_the_program_with_its_cookie_until_it_is_disposed()
    {
        (long cookie, Action<BpfAssembler>? body) = Requires.HasCookies ? (0xfeedface, AttachedProgram.KeepCookie) : (0L, (Action<BpfAssembler>?)null);
        using var program = new AttachedProgram(BpfProgramType.Tracepoint, ownProcess: true, body: body);
        using (BpfLink link = TracepointAttacher.Attach(program.Source, "syscalls", "sys_enter_getpriority", (ulong)cookie))
        {
            Assert.Equal("tracepoint syscalls/sys_enter_getpriority", link.Target);
            Assert.Equal(Requires.HasPerfLinks, link.IsKernelLink);
            if (link.IsKernelLink) Assert.NotEqual(0u, link.Id);
            Syscalls.CallGetPriority(5);
            Assert.Equal((5, cookie), (program.Runs, program[1]));
        }

        Syscalls.CallGetPriority(5);
        Assert.Equal(5, program.Runs);
        if (cookie == 0) Assert.Equal("5.15", Assert.Throws<BpfNotSupportedException>(() => TracepointAttacher.Attach(program.Source, "syscalls", "sys_enter_getpriority", 1)).SinceKernel);
    }

    [Fact]
    public void Kernels_without_perf_links_attach_by_ioctl()
    {
        using var program = new AttachedProgram(BpfProgramType.Tracepoint, ownProcess: true);
        uint id = TracingFiles.EventId(program.Source, "", "syscalls", "sys_enter_getpriority");
        using (BpfLink link = TracepointAttacher.AttachEvent(program.Source, id, null, "old way", 0, PerfAttachWay.IoControl, null))
        {
            Assert.False(link.IsKernelLink);
            Assert.Throws<BpfNotSupportedException>(() => link.Id);
            Assert.Throws<BpfNotSupportedException>(() => link.Pin("/sys/fs/bpf/x"));
            Syscalls.CallGetPriority(3);
            Assert.Equal(3, program.Runs);
        }

        Syscalls.CallGetPriority(3);
        Assert.Equal(3, program.Runs);
        Assert.Throws<BpfNotSupportedException>(
            () => TracepointAttacher.AttachEvent(program.Source, id, null, "old way", 7, PerfAttachWay.IoControl, null));
    }

    [Fact]
    public void A_missing_tracepoint_is_named_with_close_ones()
    {
        using var program = new AttachedProgram(BpfProgramType.Tracepoint);
        var error = Assert.Throws<BpfAttachException>(() => TracepointAttacher.Attach(program.Source, "sched", "sched_proces_exec", 0));
        Assert.Equal((BpfDiagnosticId.NoSuchTracepoint, Errno.ENOENT), (error.Id, error.Errno));
        Assert.Equal("sched/sched_process_exec", error.CloseNames[0]);
        Assert.Contains("'attached'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_of_another_type_is_refused()
    {
        using var program = new AttachedProgram(BpfProgramType.SocketFilter);
        var error = Assert.Throws<BpfAttachException>(() => TracepointAttacher.Attach(program.Source, "sched", "sched_switch", 0));
        Assert.Equal(Errno.EINVAL, error.Errno);
    }

    [Fact]
    public void A_raw_tracepoint_runs_the_program_with_its_arguments()
    {
        // sys_enter(struct pt_regs *regs, long id)
        using var program = new AttachedProgram(
            BpfProgramType.RawTracepoint, ownProcess: true, body: code => code
                .Load(DoubleWord, R1, R6, 8)
                .JumpIf(BpfCondition.NotEqual, R1, Processor.GetPriority, "out")
                .Move(R2, 1).Atomic(BpfAtomicOperation.Add, DoubleWord, R7, 8, R2));
        using (BpfLink link = RawTracepointAttacher.Attach(program.Source, "sys_enter", 0))
        {
            Assert.True(link.IsKernelLink);
            Syscalls.CallGetPriority(4);
            Assert.Equal(4, program[1]);
        }

        Syscalls.CallGetPriority(4);
        Assert.Equal(4, program[1]);
    }

    [Theory]
    [InlineData("sched_swich", "sched_switch")]
    [InlineData("sys_enter_openat", null)]
    public void A_missing_raw_tracepoint_is_named(string name, string? close)
    {
        using var program = new AttachedProgram(BpfProgramType.RawTracepoint);
        var error = Assert.Throws<BpfAttachException>(() => RawTracepointAttacher.Attach(program.Source, name, 0));
        Assert.Equal(BpfDiagnosticId.NoSuchTracepoint, error.Id);
        Assert.Equal(close, error.CloseNames.Count == 0 ? null : error.CloseNames[0]);
        if (close is null) Assert.Contains("sys_enter and sys_exit", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_raw_tracepoint_has_a_cookie_where_the_kernel_has_it()
    {
        using var program = new AttachedProgram(BpfProgramType.RawTracepoint, ownProcess: true);
        if (Environment.OSVersion.Version < new Version(6, 10))
        {
            Assert.Throws<BpfNotSupportedException>(() => RawTracepointAttacher.Attach(program.Source, "sys_enter", 9));
            return;
        }

        using var reader = new AttachedProgram(BpfProgramType.RawTracepoint, ownProcess: true, body: AttachedProgram.KeepCookie);
        using BpfLink link = RawTracepointAttacher.Attach(reader.Source, "sys_enter", 0x1234);
        Syscalls.CallGetPriority(1);
        Assert.Equal(0x1234, reader[1]);
    }

    [Fact]
    public void A_tracepoint_with_typed_arguments_runs_the_program()
    {
        using var program = new AttachedProgram(
            BpfProgramType.Tracing, BpfAttachType.TraceRawTp, ownProcess: true, target: ("btf_trace_sys_enter", BtfKind.Typedef), body: code => code
                .Load(DoubleWord, R1, R6, 8)
                .JumpIf(BpfCondition.NotEqual, R1, Processor.GetPriority, "out")
                .Move(R2, 1).Atomic(BpfAtomicOperation.Add, DoubleWord, R7, 8, R2));
        using (BpfLink link = TracingAttacher.Attach(program.Source, "tp_btf sys_enter"))
        {
            Assert.True(link.IsKernelLink);
            Syscalls.CallGetPriority(6);
            Assert.Equal(6, program[1]);
        }

        Syscalls.CallGetPriority(6);
        Assert.Equal(6, program[1]);
    }
}
