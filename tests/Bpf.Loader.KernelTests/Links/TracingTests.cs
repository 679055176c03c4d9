using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Instructions;
using Bpf.Loader.Interop;
using Bpf.Loader.Interop.Uapi;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Bpf.Loader.Links.Info;
using Xunit;

namespace Bpf.Loader.KernelTests.Links;

public sealed class TracingTests : KernelTest
{
    [Fact]
    public void A_function_runs_the_program_with_its_cookie()
    {
        Requires.Trampolines();
        // At functions they came with Linux 5.19.
        (long cookie, Action<BpfAssembler>? body) = Requires.Has("bpf_get_attach_cookie_tracing") ? (0x55aa, AttachedProgram.KeepCookie) : (0L, (Action<BpfAssembler>?)null);
        using var program = new AttachedProgram(
            BpfProgramType.Tracing, BpfAttachType.TraceFEntry, ownProcess: true, target: (TracedFunction.Name, BtfKind.Function), body: body);
        using (BpfLink link = TracingAttacher.Attach(program.Source, "fentry", (ulong)cookie))
        {
            Syscalls.UnlinkMissing();
            Assert.Equal((1, cookie), (program.Runs, program[1]));
            Assert.Equal(BpfAttachType.TraceFEntry, Assert.IsType<TracingLinkInfo>(link.GetInfo()).AttachType);
            BpfAttachException refused = Assert.Throws<BpfAttachException>(() => TracingAttacher.Attach(program.Source, "fentry"));
            if (KernelVersion.Current.CompareTo(new KernelVersion(5, 13, 0)) >= 0) Assert.Equal(BpfDiagnosticId.AlreadyAttached, refused.Id);
            else Assert.Contains("only once", refused.Message, StringComparison.Ordinal);
        }

        Syscalls.UnlinkMissing();
        Assert.Equal(1, program.Runs);
    }

    [Fact]
    public void A_program_is_attached_again_or_told_that_this_kernel_cannot()
    {
        Requires.Trampolines();
        using var program = new AttachedProgram(BpfProgramType.Tracing, BpfAttachType.TraceFEntry, ownProcess: true, target: (TracedFunction.Name, BtfKind.Function));
        TracingAttacher.Attach(program.Source, "fentry").Dispose();
        if (KernelVersion.Current.CompareTo(new KernelVersion(5, 13, 0)) < 0)
        {
            var error = Assert.Throws<BpfAttachException>(() => TracingAttacher.Attach(program.Source, "fentry"));
            Assert.Equal(Errno.ENOENT, error.Errno);
            Assert.Contains("before 5.13", error.Message, StringComparison.Ordinal);
            return;
        }

        using BpfLink again = TracingAttacher.Attach(program.Source, "fentry");
        Syscalls.UnlinkMissing();
        Assert.Equal(1, program.Runs);
    }

    [Fact]
    public void A_security_hook_refuses()
    {
        Requires.SecurityHooks();
        Assert.SkipUnless(File.ReadAllText("/sys/kernel/security/lsm").Contains("bpf", StringComparison.Ordinal), "the BPF security module is not enabled");
        BpfObjectFile file = TestObjects.Open("hook_lsm");
        KernelPolicy.Permits(file);
        using BpfObject bpf = file.Load();
        using (BpfLinkCollection links = bpf.AttachAll())
        {
            Assert.Equal(2, links.Count);
            NativeShims.RunTarget(NativeShims.UprobeTarget, 1);
            Assert.True(bpf.Globals["opened"].Get<ulong>() > 0);
            Assert.True(bpf.Globals["execs"].Get<ulong>() > 0);
            bpf.Globals["deny_tgid"].Set((uint)Environment.ProcessId);
            FileDescriptorHandle? file1 = KernelFile.OpenRead("/dev/zero", out Errno errno);
            bpf.Globals["deny_tgid"].Set(0u);
            Assert.Null(file1);
            Assert.Equal(Errno.EPERM, errno);
        }

        bpf.Globals["deny_tgid"].Set((uint)Environment.ProcessId);
        KernelFile.OpenRead("/dev/zero", out Errno allowed)!.Dispose();
        Assert.Equal(Errno.None, allowed);
    }

    [Fact]
    public void A_function_of_another_program_is_replaced()
    {
        Requires.Replacement();
        using BpfObject target = TestObjects.Load("hook_freplace_target");
        BpfProgram entry = target.Programs["entry"];
        Assert.Equal(107u, Run(entry));
        var options = new BpfLoadOptions { AttachPrograms = new Dictionary<string, BpfProgram> { ["replacement"] = entry } };
        using BpfObject bpf = TestObjects.Open("hook_freplace").Load(options);
        using (bpf.AttachAll())
            Assert.Equal(142u, Run(entry));
        Assert.Equal(107u, Run(entry));
        Assert.Equal(1u, bpf.Globals["replaced"].Get<ulong>());

        using (BpfLink link = bpf.Programs["replacement"].AttachReplacement(entry, "decide_again"))
        {
            Assert.Equal(49u, Run(entry));
            Assert.Equal(BpfLinkType.Tracing, link.GetInfo().Type);
        }

        Assert.Equal(107u, Run(entry));
        Assert.Equal(
            BpfDiagnosticId.NoSuchSymbol, Assert.Throws<BpfAttachException>(() => bpf.Programs["replacement"].AttachReplacement(entry, "nonsense")).Id);
    }

    [Fact]
    public void Many_functions_run_the_program_with_the_cookie_of_each()
    {
        Requires.Fprobe();
        using var program = new AttachedProgram(BpfProgramType.Kprobe, BpfAttachType.TraceKprobeMulti, ownProcess: true, body: AttachedProgram.KeepCookie);
        using (BpfLink link = KprobeMultiAttacher.Attach(program.Source, [TracedFunction.Name, "vfs_unlink"], [11, 22], atReturn: false))
        {
            Syscalls.UnlinkMissing();
            Assert.Equal((1, 11), (program.Runs, program[1]));
            Syscalls.UnlinkFile();
            Assert.Equal(22, program[1]);
            Assert.True(program.Runs >= 3); // vfs_unlink once more where file systems lie on each other
            var info = Assert.IsType<KprobeMultiLinkInfo>(link.GetInfo());
            Assert.Equal((2, false), (info.Addresses.Count, info.AtReturn));
            Assert.Equal(new ulong[] { 11, 22 }, info.Cookies.Order());
        }

        long runs = program.Runs;
        Syscalls.UnlinkFile();
        Assert.Equal(runs, program.Runs);

        Assert.True(KernelSymbols.Find([TracedFunction.Name]).TryGet(TracedFunction.Name, out KernelSymbolMatch match));
        using BpfLink byAddress = KprobeMultiAttacher.Attach(program.Source, [match.Address], [33], atReturn: true);
        Syscalls.UnlinkMissing();
        Assert.Equal((runs + 1, 33), (program.Runs, program[1]));
    }

    [Fact]
    public void A_pattern_finds_all_traceable_functions_and_no_others()
    {
        Requires.Fprobe();
        using var program = new AttachedProgram(BpfProgramType.Kprobe, BpfAttachType.TraceKprobeMulti, ownProcess: true);
        using (BpfLink link = KprobeMultiAttacher.AttachPattern(program.Source, $"{TracedFunction.Name[..^2]}*", atReturn: false))
        {
            using var reader = new StreamReader(TraceFs.Current.OpenRead("available_filter_functions"));
            int expected = 0;
            while (reader.ReadLine() is string line)
                if (line.StartsWith(TracedFunction.Name[..^2], StringComparison.Ordinal)) expected++;
            Assert.Equal(expected, Assert.IsType<KprobeMultiLinkInfo>(link.GetInfo()).Addresses.Count);
            Syscalls.UnlinkMissing();
            Assert.Equal(1, program.Runs);
        }

        Assert.Equal(BpfDiagnosticId.NoMatch, Assert.Throws<BpfAttachException>(() => KprobeMultiAttacher.AttachPattern(program.Source, "no_such_*", false)).Id);
        var missing = Assert.Throws<BpfAttachException>(() => KprobeMultiAttacher.AttachPattern(program.Source, TracedFunction.Misspelt, false));
        Assert.Equal(BpfDiagnosticId.NoSuchKernelFunction, missing.Id);
        Assert.Contains(TracedFunction.Name, missing.CloseNames);
    }

    // The kernel says ESRCH and not for which function, or why.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_cannot_be_traced_is_explained(bool amongOthers)
    {
        Requires.Fprobe();
        string hidden = Processor.HiddenFunction;
        string[] functions = amongOthers ? ["vfs_rmdir", hidden, "vfs_unlink"] : [hidden];
        using var program = new AttachedProgram(BpfProgramType.Kprobe, BpfAttachType.TraceKprobeMulti);
        var error = Assert.Throws<BpfAttachException>(() => KprobeMultiAttacher.Attach(program.Source, functions, [], atReturn: false));
        Assert.Equal(BpfDiagnosticId.NotTraceable, error.Id);
        Assert.Contains($"the kernel has '{hidden}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("NOKPROBE", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<BpfAttachException>(() => KprobeMultiAttacher.AttachPattern(program.Source, hidden + "*", atReturn: false));
        Assert.Equal(BpfDiagnosticId.NoMatch, error.Id);
        Assert.Contains("such as " + hidden, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_are_close_are_those_of_functions()
    {
        Requires.Fprobe();
        using var program = new AttachedProgram(BpfProgramType.Kprobe, BpfAttachType.TraceKprobeMulti);
        foreach (string name in (string[])["unlinkat", TracedFunction.Name + "t", "_pfx_" + TracedFunction.Name])
        {
            var error = Assert.Throws<BpfAttachException>(() => KprobeMultiAttacher.Attach(program.Source, [TracedFunction.Name, name], [], atReturn: false));
            Assert.Equal((BpfDiagnosticId.NoSuchKernelFunction, Errno.ENOENT), (error.Id, error.Errno));
            Assert.Contains($"no function '{name}'", error.Message, StringComparison.Ordinal);
            Assert.NotEmpty(error.CloseNames);
            Assert.DoesNotContain(error.CloseNames, close => close.StartsWith("__pfx_", StringComparison.Ordinal) || close.StartsWith("__cfi_", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void What_the_compiler_made_of_a_function_is_named()
    {
        Requires.Fprobe();
        string[] names = [.. File.ReadLines("/proc/kallsyms").Select(line => line.Split(' ', '\t')[2])];
        var whole = names.ToHashSet();
        // Those of the build's own (__pfx_, __pi_) are nobody's to ask for.
        string? variant = names.FirstOrDefault(name => name.EndsWith(".isra.0", StringComparison.Ordinal) && !name.StartsWith("__p", StringComparison.Ordinal) && !whole.Contains(name[..^7]));
        Assert.SkipWhen(variant is null, "the compiler changed no function of this kernel");
        using var program = new AttachedProgram(BpfProgramType.Kprobe, BpfAttachType.TraceKprobeMulti);
        var error = Assert.Throws<BpfAttachException>(() => KprobeMultiAttacher.Attach(program.Source, [variant[..^7]], [], atReturn: false));
        Assert.Equal(BpfDiagnosticId.NoSuchKernelFunction, error.Id);
        Assert.Contains($"the compiler made {variant}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_runs_at_entry_and_return()
    {
        Requires.Fprobe();
        Requires.Function("bpf_session_is_return", "kprobe.session (Linux 6.10)");
        using var program = new AttachedProgram(BpfProgramType.Kprobe, BpfAttachType.TraceKprobeSession, ownProcess: true);
        using BpfLink link = KprobeMultiAttacher.AttachPattern(program.Source, TracedFunction.Name, atReturn: false);
        Syscalls.UnlinkMissing();
        Assert.Equal(2, program.Runs);
    }

    [Fact]
    public void Kernels_without_fprobe_say_so()
    {
        Assert.SkipWhen(Requires.Has("register_fprobe_ips"), "this kernel has fprobe");
        using var program = new AttachedProgram(BpfProgramType.Kprobe, BpfAttachType.TraceKprobeMulti);
        Assert.Equal(BpfDiagnosticId.NotSupported, Assert.ThrowsAny<BpfException>(() => KprobeMultiAttacher.Attach(program.Source, [TracedFunction.Name], [], false)).Id);
    }

    [Fact]
    public void Many_user_functions_run_the_program_with_the_cookie_of_each()
    {
        Requires.UprobeMulti();
        using var program = new AttachedProgram(BpfProgramType.Kprobe, BpfAttachType.TraceUprobeMulti, body: AttachedProgram.KeepCookie);
        var options = new UprobeMultiOptions { Cookies = [5, 6] };
        using (BpfLink link = UprobeMultiAttacher.Attach(program.Source, NativeShims.UprobeTarget, ["uprobe_target_add", "uprobe_target_static"], options))
        {
            NativeShims.RunTarget(NativeShims.UprobeTarget, 1);
            Assert.Equal((2, 6), (program.Runs, program[1])); // the static one is called last
            if (Environment.OSVersion.Version >= new Version(6, 8))
            {
                var info = Assert.IsType<UprobeMultiLinkInfo>(link.GetInfo());
                Assert.Equal((NativeShims.UprobeTarget, 2, false), (info.Path, info.Offsets.Count, info.AtReturn));
                Assert.Equal(new ulong[] { 5, 6 }, info.Cookies);
            }
        }

        using (UprobeMultiAttacher.AttachPattern(program.Source, NativeShims.UprobeTarget, "uprobe_target_*", new UprobeMultiOptions { ProcessId = Environment.ProcessId }))
            NativeShims.RunTarget(NativeShims.UprobeTarget, 1);
        Assert.Equal(2, program.Runs); // another process
        using (UprobeMultiAttacher.AttachPattern(program.Source, NativeShims.UprobeTarget, "uprobe_target_a??", new UprobeMultiOptions { AtReturn = true }))
            NativeShims.RunTarget(NativeShims.UprobeTarget, 1);
        Assert.Equal(4, program.Runs); // _add and _all
    }

    [Fact]
    public void A_user_session_runs_at_entry_and_return()
    {
        Assert.SkipWhen(Environment.OSVersion.Version < new Version(6, 13), "uprobe.session came with Linux 6.13");
        using var program = new AttachedProgram(BpfProgramType.Kprobe, BpfAttachType.TraceUprobeSession);
        using BpfLink link = UprobeMultiAttacher.Attach(program.Source, NativeShims.UprobeTarget, ["uprobe_target_add"], new UprobeMultiOptions());
        NativeShims.RunTarget(NativeShims.UprobeTarget, 2);
        Assert.Equal(4, program.Runs);
    }

    [Fact]
    public void A_program_for_single_probes_is_not_for_many()
    {
        Requires.UprobeMulti();
        using var program = new AttachedProgram(BpfProgramType.Kprobe);
        var error = Assert.Throws<BpfAttachException>(
            () => UprobeMultiAttacher.AttachPattern(program.Source, NativeShims.UprobeTarget, "uprobe_target_*", new UprobeMultiOptions()));
        Assert.Contains("uprobe.multi", error.Message, StringComparison.Ordinal);
    }

    private static uint Run(BpfProgram program)
    {
        Span<byte> packet = stackalloc byte[64];
        var request = new ProgramRunRequest { DataIn = packet, Repeat = 1 };
        Assert.Equal(Errno.None, BpfSyscall.ProgramRun(program.Handle, in request, out ProgTestRunAttr answer));
        return answer.ReturnValue;
    }
}
