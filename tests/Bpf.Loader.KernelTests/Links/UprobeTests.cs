using System;
using System.Globalization;
using System.IO;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Bpf.Loader.Links.Binaries;
using Xunit;
using static Bpf.Loader.Instructions.BpfAccessSize;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.KernelTests.Links;

public sealed class UprobeTests : KernelTest
{
    // The runtime makes an epoll descriptor when it first talks with a process, and keeps it: it is not one that a test left open.
    static UprobeTests() => NativeShims.Talk(NativeShims.UprobeTarget, _ => { });

    public UprobeTests() => Requires.Uprobes();

    public static TheoryData<ProbeMode> Modes => [ProbeMode.Default, ProbeMode.TraceFs, ProbeMode.PerfEvent, ProbeMode.Link];

    [Theory]
    [MemberData(nameof(Modes))]
    public void The_entry_of_a_function_runs_the_program(ProbeMode mode)
    {
        if (mode == ProbeMode.Link) Requires.PerfLinks();
        using var program = new AttachedProgram(
            BpfProgramType.Kprobe, body: code => code.Load(DoubleWord, R1, R6, Processor.FirstArgument).Store(DoubleWord, R7, 8, R1));
        using (BpfLink link = UprobeAttacher.Attach(program.Source, NativeShims.UprobeTarget, "uprobe_target_add", false, new UprobeOptions { Mode = mode }))
        {
            Assert.Equal(mode != ProbeMode.PerfEvent && Requires.HasPerfLinks, link.IsKernelLink);
            NativeShims.RunTarget(NativeShims.UprobeTarget, 3);
            Assert.Equal((3, 2), (program.Runs, program[1]));
        }

        NativeShims.RunTarget(NativeShims.UprobeTarget, 3);
        Assert.Equal(3, program.Runs);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void The_return_of_a_function_runs_the_program(ProbeMode mode)
    {
        if (mode == ProbeMode.Link) Requires.PerfLinks();
        using var program = new AttachedProgram(
            BpfProgramType.Kprobe, body: code => code.Load(Word, R1, R6, Processor.Result).Store(DoubleWord, R7, 8, R1));
        using BpfLink link = UprobeAttacher.Attach(program.Source, NativeShims.UprobeTarget, "uprobe_target_add", true, new UprobeOptions { Mode = mode });
        NativeShims.RunTarget(NativeShims.UprobeTarget, 3);
        Assert.Equal((3, 3), (program.Runs, program[1])); // 2 + 1
    }

    [Fact]
    public void Static_functions_and_offsets_are_probed()
    {
        using var program = new AttachedProgram(BpfProgramType.Kprobe);
        using (UprobeAttacher.Attach(program.Source, NativeShims.UprobeTarget, "uprobe_target_static", false, new UprobeOptions()))
            NativeShims.RunTarget(NativeShims.UprobeTarget, 2);
        Assert.Equal(2, program.Runs);

        using BinaryImage image = BinaryImage.Open(NativeShims.UprobeTarget);
        ulong offset = BinarySymbols.FindFunction(image, "uprobe_target_string");
        using (UprobeAttacher.Attach(program.Source, NativeShims.UprobeTarget, offset, false, new UprobeOptions()))
            NativeShims.RunTarget(NativeShims.UprobeTarget, 2);
        Assert.Equal(4, program.Runs);
    }

    [Theory]
    [InlineData("+{0}")]
    [InlineData("+0x{0:x}")]
    public void An_offset_is_written_behind_the_function(string form)
    {
        // From one function to the beginning of another, where an instruction begins for certain.
        using BinaryImage image = BinaryImage.Open(NativeShims.UprobeTarget);
        ulong one = BinarySymbols.FindFunction(image, "uprobe_target_add"), two = BinarySymbols.FindFunction(image, "uprobe_target_string");
        string place = (one < two ? "uprobe_target_add" : "uprobe_target_string") + string.Format(CultureInfo.InvariantCulture, form, Math.Max(one, two) - Math.Min(one, two));
        using var program = new AttachedProgram(BpfProgramType.Kprobe);
        using (BpfLink link = UprobeAttacher.AttachPlace(program.Source, NativeShims.UprobeTarget, place, false, new UprobeOptions()))
        {
            Assert.EndsWith("+0x" + (Math.Max(one, two) - Math.Min(one, two)).ToString("x", CultureInfo.InvariantCulture), link.Target, StringComparison.Ordinal);
            NativeShims.RunTarget(NativeShims.UprobeTarget, 2);
        }

        Assert.Equal(2, program.Runs);
        Assert.Throws<ArgumentException>(() => UprobeAttacher.AttachPlace(program.Source, NativeShims.UprobeTarget, place, true, new UprobeOptions()));
        Assert.Equal(BpfDiagnosticId.NoSuchSymbol, Assert.Throws<BpfAttachException>(() => UprobeAttacher.AttachPlace(program.Source, NativeShims.UprobeTarget, "uprobe_target_add+x", false, new UprobeOptions())).Id);
    }

    [Fact]
    public void Offsets_are_written_behind_each_of_many_functions()
    {
        Requires.UprobeMulti();
        using BinaryImage image = BinaryImage.Open(NativeShims.UprobeTarget);
        ulong one = BinarySymbols.FindFunction(image, "uprobe_target_add"), two = BinarySymbols.FindFunction(image, "uprobe_target_string");
        string first = one < two ? "uprobe_target_add" : "uprobe_target_string";
        using var program = new AttachedProgram(BpfProgramType.Kprobe, BpfAttachType.TraceUprobeMulti);
        using (UprobeMultiAttacher.Attach(program.Source, NativeShims.UprobeTarget, [first, $"{first}+{Math.Max(one, two) - Math.Min(one, two)}"], new UprobeMultiOptions()))
            NativeShims.RunTarget(NativeShims.UprobeTarget, 2);
        Assert.Equal(4, program.Runs);
        Assert.Throws<ArgumentException>(() => UprobeMultiAttacher.Attach(program.Source, NativeShims.UprobeTarget, ["uprobe_target_add+4"], new UprobeMultiOptions { AtReturn = true }));
    }

    [Fact]
    public void A_cookie_reaches_the_program()
    {
        Requires.Cookies();
        using var program = new AttachedProgram(BpfProgramType.Kprobe, body: AttachedProgram.KeepCookie);
        using BpfLink link = UprobeAttacher.Attach(program.Source, NativeShims.UprobeTarget, "uprobe_target_add", false, new UprobeOptions { Cookie = 77 });
        NativeShims.RunTarget(NativeShims.UprobeTarget, 1);
        Assert.Equal((1, 77), (program.Runs, program[1]));
    }

    [Fact]
    public void Only_the_given_process_is_probed()
    {
        using var program = new AttachedProgram(BpfProgramType.Kprobe);
        NativeShims.Talk(NativeShims.UprobeTarget, process =>
        {
            using BpfLink link = UprobeAttacher.Attach(
                program.Source, NativeShims.UprobeTarget, "uprobe_target_add", false, new UprobeOptions { ProcessId = process.Id });
            NativeShims.RunTarget(NativeShims.UprobeTarget, 5);
            Assert.Equal(0, program.Runs);
            NativeShims.Ask(process);
            Assert.Equal(1, program.Runs);
        });
    }

    [Fact]
    public void A_library_is_found_by_its_name()
    {
        using var program = new AttachedProgram(BpfProgramType.Kprobe, ownProcess: true);
        int priority = GetPriority(); // not 0 where the tests run with less
        using (BpfLink link = UprobeAttacher.Attach(program.Source, "libc.so.6", "getpriority", false, new UprobeOptions()))
        {
            Assert.Contains("libc.so.6:getpriority", link.Target, StringComparison.Ordinal);
            Assert.Equal(priority, GetPriority());
        }

        Assert.Equal(1, program.Runs);
        using (UprobeAttacher.Attach(program.Source, "libc.so.6", "getpriority", false, new UprobeOptions { ProcessId = Environment.ProcessId }))
            Assert.Equal(priority, GetPriority());
        Assert.Equal(2, program.Runs);
    }

    [Fact]
    public void What_is_not_there_is_named()
    {
        using var program = new AttachedProgram(BpfProgramType.Kprobe);
        var error = Assert.Throws<BpfAttachException>(
            () => UprobeAttacher.Attach(program.Source, NativeShims.StrippedUprobeTarget, "uprobe_target_static", false, new UprobeOptions()));
        Assert.Equal(BpfDiagnosticId.NoSuchSymbol, error.Id);
        Assert.Contains("stripped", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<BpfAttachException>(
            () => UprobeAttacher.Attach(program.Source, NativeShims.UprobeTarget, "uprobe_target_ad", false, new UprobeOptions()));
        Assert.Equal("uprobe_target_add", error.CloseNames[0]);
        Assert.Throws<BpfAttachException>(
            () => UprobeAttacher.Attach(program.Source, NativeShims.UprobeTarget, 1UL << 40, false, new UprobeOptions()));
    }

    [Fact]
    public void A_probe_of_tracefs_is_removed_with_its_link()
    {
        using var program = new AttachedProgram(BpfProgramType.Kprobe);
        using (UprobeAttacher.Attach(program.Source, NativeShims.UprobeTarget, "uprobe_target_add", false, new UprobeOptions { Mode = ProbeMode.TraceFs }))
            Assert.Contains("bpf_loader_", Registered(), StringComparison.Ordinal);
        Assert.DoesNotContain("bpf_loader_", Registered(), StringComparison.Ordinal);
    }

    private static string Registered()
    {
        using var reader = new StreamReader(Loader.Kernel.TraceFs.Current.OpenRead("uprobe_events"));
        return reader.ReadToEnd();
    }

    [System.Runtime.InteropServices.DllImport("libc", EntryPoint = "getpriority")]
    private static extern int GetPriority(int which = 0, int who = 0);
}
