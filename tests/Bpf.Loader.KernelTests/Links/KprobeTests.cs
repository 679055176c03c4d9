using System;
using System.Globalization;
using System.Linq;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Xunit;
using static Bpf.Loader.Instructions.BpfAccessSize;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.KernelTests.Links;

public sealed class KprobeTests : KernelTest
{
    private static readonly string Function = TracedFunction.Name;

    public static TheoryData<ProbeMode> Modes => [ProbeMode.Default, ProbeMode.TraceFs, ProbeMode.PerfEvent, ProbeMode.Link];

    [Theory]
    [MemberData(nameof(Modes))]
    public void The_entry_of_a_function_runs_the_program(ProbeMode mode)
    {
        Requires.Kprobes();
        if (mode == ProbeMode.Link) Requires.PerfLinks();
        using var program = new AttachedProgram(BpfProgramType.Kprobe, ownProcess: true);
        using (BpfLink link = KprobeAttacher.Attach(program.Source, Function, false, new KprobeOptions { Mode = mode }))
        {
            Assert.Equal(mode != ProbeMode.PerfEvent && Requires.HasPerfLinks, link.IsKernelLink);
            Syscalls.UnlinkFile();
            Assert.Equal(1, program.Runs);
        }

        Syscalls.UnlinkFile();
        Assert.Equal(1, program.Runs);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void The_return_of_a_function_runs_the_program(ProbeMode mode)
    {
        Requires.Kprobes();
        if (mode == ProbeMode.Link) Requires.PerfLinks();
        using var program = new AttachedProgram(
            BpfProgramType.Kprobe, ownProcess: true, body: code => code.Load(Word, R1, R6, Processor.Result).Store(DoubleWord, R7, 8, R1));
        using BpfLink link = KprobeAttacher.Attach(program.Source, Function, true, new KprobeOptions { Mode = mode });
        Syscalls.UnlinkMissing();
        Assert.Equal((1, -2), (program.Runs, (int)program[1]));
    }

    [Fact]
    public void A_cookie_reaches_the_program()
    {
        Requires.Kprobes();
        Requires.Cookies();
        using var program = new AttachedProgram(BpfProgramType.Kprobe, ownProcess: true, body: AttachedProgram.KeepCookie);
        using BpfLink link = KprobeAttacher.Attach(program.Source, Function, false, new KprobeOptions { Cookie = 99 });
        Syscalls.UnlinkFile();
        Assert.Equal((1, 99), (program.Runs, program[1]));
    }

    [Fact]
    public void An_address_is_probed()
    {
        Requires.Kprobes();
        Assert.True(KernelSymbols.Find([Function]).TryGet(Function, out KernelSymbolMatch match));
        using var program = new AttachedProgram(BpfProgramType.Kprobe, ownProcess: true);
        using BpfLink link = KprobeAttacher.Attach(program.Source, match.Address, false, new KprobeOptions());
        Syscalls.UnlinkFile();
        Assert.Equal(1, program.Runs);
    }

    [Theory]
    [InlineData(ProbeMode.Default)]
    [InlineData(ProbeMode.TraceFs)]
    public void An_offset_is_written_behind_the_function(ProbeMode mode)
    {
        // From a function before it to its own beginning, where an instruction begins for certain.
        Requires.Kprobes();
        string[] names = [Function, "vfs_rmdir", "vfs_mkdir", "vfs_mknod", "vfs_create", "path_get", "inode_permission"];
        KernelSymbols symbols = KernelSymbols.Find(names);
        Assert.True(symbols.TryGet(Function, out KernelSymbolMatch target));
        (string before, KernelSymbolMatch found) = names
            .Select(name => (Name: name, Match: symbols.TryGet(name, out KernelSymbolMatch match) ? match : default))
            .Where(one => one.Match.Address > 0 && one.Match.Address < target.Address).MaxBy(one => one.Match.Address);
        Assert.NotNull(before);
        string place = string.Create(CultureInfo.InvariantCulture, $"{before}+0x{target.Address - found.Address:x}");
        using var program = new AttachedProgram(BpfProgramType.Kprobe, ownProcess: true);
        using (BpfLink link = KprobeAttacher.AttachPlace(program.Source, place, false, new KprobeOptions { Mode = mode }))
        {
            Assert.Equal($"kprobe {place}", link.Target);
            Syscalls.UnlinkFile();
        }

        Assert.Equal(1, program.Runs);
        Assert.Throws<ArgumentException>(() => KprobeAttacher.AttachPlace(program.Source, place, true, new KprobeOptions()));
    }

    [Fact]
    public void A_missing_function_is_named_with_close_ones()
    {
        Requires.Kprobes();
        using var program = new AttachedProgram(BpfProgramType.Kprobe);
        // Those that go by perf event go the same way as the default, and each looks into all modules on disk.
        foreach (ProbeMode mode in (ProbeMode[])[ProbeMode.Default, ProbeMode.TraceFs])
        {
            var error = Assert.Throws<BpfAttachException>(() => KprobeAttacher.Attach(program.Source, TracedFunction.Misspelt, false, new KprobeOptions { Mode = mode }));
            Assert.Equal(BpfDiagnosticId.NoSuchKernelFunction, error.Id);
            Assert.Contains(Function, error.CloseNames);
        }
    }

    [Fact]
    public void A_function_that_may_not_be_probed_is_told_from_one_that_is_missing()
    {
        Requires.Kprobes();
        using var program = new AttachedProgram(BpfProgramType.Kprobe);
        var error = Assert.Throws<BpfAttachException>(() => KprobeAttacher.Attach(program.Source, Processor.HiddenFunction, false, new KprobeOptions()));
        Assert.Equal(BpfDiagnosticId.NotTraceable, error.Id);
    }

    [Fact]
    public void A_kernel_without_kprobes_says_so()
    {
        Assert.SkipWhen(Requires.Has("perf_kprobe_init"), "this kernel has kprobes");
        using var program = new AttachedProgram(BpfProgramType.Kprobe);
        foreach (ProbeMode mode in Modes)
            Assert.Throws<BpfNotSupportedException>(() => KprobeAttacher.Attach(program.Source, Function, false, new KprobeOptions { Mode = mode }));
    }
}
