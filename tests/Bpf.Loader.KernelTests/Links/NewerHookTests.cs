using System;
using Bpf.Loader.Btf;
using Bpf.Loader.Instructions;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Xunit;
using static Bpf.Loader.Instructions.BpfAccessSize;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.KernelTests.Links;

/// <summary>Hooks that came after Linux 6.19: tracepoints that may sleep, sessions by trampolines, and many functions by trampolines.</summary>
public sealed class NewerHookTests : KernelTest
{
    private const int CopyFromUser = 148;

    [Fact]
    public void A_tracepoint_may_sleep()
    {
        using AttachedProgram program = Sleepable(BpfProgramType.Tracepoint, 0, null, Sleep);
        using (BpfLink link = TracepointAttacher.Attach(program.Source, "syscalls", "sys_enter_getpriority", 0))
        {
            Syscalls.CallGetPriority(3);
            Assert.Equal(3, program.Runs);
        }

        Syscalls.CallGetPriority(3);
        Assert.Equal(3, program.Runs);
    }

    [Fact]
    public void A_raw_tracepoint_may_sleep()
    {
        using AttachedProgram program = Sleepable(BpfProgramType.RawTracepoint, 0, null, SleepAndCount);
        using (BpfLink link = RawTracepointAttacher.Attach(program.Source, "sys_enter", 0)) Syscalls.CallGetPriority(4);
        Syscalls.CallGetPriority(4);
        Assert.Equal(4, program[1]);
    }

    [Fact]
    public void A_tracepoint_with_typed_arguments_may_sleep()
    {
        using AttachedProgram program = Sleepable(BpfProgramType.Tracing, BpfAttachType.TraceRawTp, ("btf_trace_sys_enter", BtfKind.Typedef), SleepAndCount);
        using (BpfLink link = TracingAttacher.Attach(program.Source, "tp_btf.s sys_enter")) Syscalls.CallGetPriority(5);
        Syscalls.CallGetPriority(5);
        Assert.Equal(5, program[1]);
    }

    [Fact]
    public void A_session_runs_at_entry_and_return_of_a_function()
    {
        Requires.Function("bpf_jit_supports_fsession", "fsession");
        using var program = new AttachedProgram(BpfProgramType.Tracing, BpfAttachType.TraceFSession, ownProcess: true, target: (TracedFunction.Name, BtfKind.Function));
        using (BpfLink link = TracingAttacher.Attach(program.Source, "fsession"))
        {
            Syscalls.UnlinkMissing();
            Assert.Equal(2, program.Runs);
        }

        Syscalls.UnlinkMissing();
        Assert.Equal(2, program.Runs);
    }

    [Theory]
    [InlineData(BpfAttachType.TraceFEntryMulti, 1)]
    [InlineData(BpfAttachType.TraceFExitMulti, 1)]
    [InlineData(BpfAttachType.TraceFSessionMulti, 2)]
    public void Many_functions_run_one_program(BpfAttachType type, int times)
    {
        Requires.Function("bpf_tracing_multi_attach", "trampolines at many functions");
        using var program = new AttachedProgram(BpfProgramType.Tracing, type, ownProcess: true);
        using (BpfLink link = TracingMultiAttacher.Attach(program.Source, $"{TracedFunction.Name[..^2]}*"))
        {
            Assert.True(link.IsKernelLink);
            Syscalls.UnlinkMissing();
            Assert.Equal(times, program.Runs);
        }

        Syscalls.UnlinkMissing();
        Assert.Equal(times, program.Runs);
        Assert.Equal(BpfDiagnosticId.NoMatch, Assert.Throws<BpfAttachException>(() => TracingMultiAttacher.Attach(program.Source, "no_such_*")).Id);
    }

    [Fact]
    public void Many_functions_have_a_cookie_each()
    {
        Requires.Function("bpf_tracing_multi_attach", "trampolines at many functions");
        using var program = new AttachedProgram(BpfProgramType.Tracing, BpfAttachType.TraceFEntryMulti, AttachedProgram.KeepCookie, ownProcess: true);
        string other = Requires.Has("do_rmdir") ? "do_rmdir" : "filename_rmdir";
        using (BpfLink link = TracingMultiAttacher.Attach(program.Source, [other, TracedFunction.Name], [77, 4711]))
        {
            Syscalls.UnlinkMissing();
            Assert.Equal((1, 4711), (program.Runs, program[1]));
        }

        using (BpfLink link = TracingMultiAttacher.Attach(program.Source, [TracedFunction.Name], [])) Syscalls.UnlinkMissing();
        Assert.Equal((2, 0), (program.Runs, program[1]));
        Assert.Equal(BpfDiagnosticId.NoSuchKernelFunction, Assert.Throws<BpfAttachException>(() => TracingMultiAttacher.Attach(program.Source, ["no_such_function"], [])).Id);
    }

    [Fact]
    public void Cookies_and_functions_go_together()
    {
        using BpfProgram program = BpfProgram.Load(new BpfProgramLoadOptions { Type = BpfProgramType.SocketFilter, Instructions = new BpfAssembler().Return(0).ToArray() });
        Assert.Throws<ArgumentException>(() => program.AttachTracingMulti([]));
        Assert.Throws<ArgumentException>(() => program.AttachTracingMulti(["a", "b"], [1]));
        Assert.Throws<ArgumentException>(() => program.AttachTracingMulti(["vmlinux:do_exit", "module:b"]));
    }

    // No symbol tells whether a kernel has it; 7.3 is the first that was seen to.
    private static AttachedProgram Sleepable(BpfProgramType type, BpfAttachType attachType, (string, BtfKind)? target, Action<BpfAssembler> body)
    {
        try
        {
            return new AttachedProgram(type, attachType, body, ownProcess: true, target: target, flags: BpfProgramFlags.Sleepable);
        }
        catch (InvalidOperationException refusal) when (KernelVersion.Current.CompareTo(new KernelVersion(7, 3, 0)) < 0)
        {
            Assert.Skip($"this kernel lets no such program sleep: {refusal.Message}");
            throw;
        }
    }

    // What only a program may call that may sleep; there is nothing at address 0, which is an answer as well.
    private static void Sleep(BpfAssembler code) => code
        .Move(R1, R10).Alu(BpfAluOperation.Add, R1, -8).Move(R2, 8).Move(R3, 0).CallHelper(CopyFromUser);

    // sys_enter(struct pt_regs *regs, long id)
    private static void SleepAndCount(BpfAssembler code)
    {
        Sleep(code);
        code.Load(DoubleWord, R1, R6, 8).JumpIf(BpfCondition.NotEqual, R1, Processor.GetPriority, "out")
            .Move(R2, 1).Atomic(BpfAtomicOperation.Add, DoubleWord, R7, 8, R2);
    }
}
