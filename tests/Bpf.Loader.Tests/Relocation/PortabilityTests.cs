using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Objects;
using Bpf.Loader.Relocation;
using Xunit;

namespace Bpf.Loader.Tests.Relocation;

public class PortabilityTests
{
    [Fact]
    public void What_a_kernel_has_is_no_finding()
    {
        foreach (string name in new[] { "core_exists", "core_offset", "core_enum", "core_width", "core_bitfield", "core_subprog", "core_type" })
            Assert.Empty(Check(name, "same"));
    }

    [Fact]
    public void What_is_guarded_is_no_finding() => Assert.Empty(Check("core_exists", "changed"));

    [Fact]
    public void A_finding_has_its_line_and_its_id()
    {
        BpfFinding finding = Assert.Single(Check("core_enum", "changed"));
        Assert.Equal((BpfDiagnosticId.CoReTargetMissing, BpfSeverity.Warning), (finding.Id, finding.Severity));
        Assert.Equal(("core_enum.bpf.c", "values"), (finding.Place.SourceFile!.Split('/')[^1], finding.Place.Symbol));
        Assert.Contains("SAMPLE_", finding.Place.SourceText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bad_target", BpfDiagnosticId.NoAttachTarget)]
    [InlineData("extern_kfuncs", BpfDiagnosticId.MissingExtern)]
    [InlineData("hook_fentry", BpfDiagnosticId.NoAttachTarget)]
    [InlineData("hook_lsm", BpfDiagnosticId.NoAttachTarget)]
    [InlineData("hook_iter", BpfDiagnosticId.NoAttachTarget)]
    public void A_kernel_that_has_nothing_lacks_all(string name, BpfDiagnosticId id)
    {
        IReadOnlyList<BpfFinding> findings = Check(name, "same");
        Assert.Contains(findings, finding => finding.Id == id);
        Assert.All(findings.Where(finding => finding.Id == id), finding => Assert.True(finding.Place.SourceLine > 0));
    }

    [Theory]
    [InlineData("hook_tracepoint", "sys_enter", null)]
    [InlineData("hook_raw_tp", "sys_enter,sched_process_exec", null)]
    [InlineData("hook_raw_tp", "sys_enter", "tracepoint 'sched_process_exec'")]
    [InlineData("execsnoop", "", "tracepoint 'sched_process_exec'")]
    public void Tracepoints_are_known_by_the_types_of_their_arguments(string name, string tracepoints, string? missing)
    {
        IReadOnlyList<BpfFinding> findings = Targets(name, ["sched_switch", .. tracepoints.Split(',')], []);
        if (missing is null) Assert.Empty(findings);
        else AssertMissing(missing, findings);
    }

    [Fact]
    public void Types_that_were_cut_down_tell_nothing_of_tracepoints() => Assert.Empty(Targets("hook_tracepoint", [], []));

    [Theory]
    [InlineData("ksyscall/mount", "__x64_sys_read,__x64_sys_mount", null)]
    [InlineData("ksyscall/getpid", "__x64_sys_read,__do_sys_getpid", null)]
    [InlineData("kretsyscall/getpid", "__x64_sys_read", "system call 'getpid'")]
    [InlineData("tp/syscalls/sys_enter_mount", "__arm64_sys_read,__arm64_sys_mount", null)]
    [InlineData("tp/syscalls/sys_exit_mount", "__arm64_sys_read", "system call 'mount'")]
    [InlineData("tp/syscalls/sys_exit_mount", "ksys_read", null)]
    [InlineData("tp/ftrace/print", "", null)]
    [InlineData("kprobe/nothing", "", null)]
    public void System_calls_are_known_by_their_functions(string section, string functions, string? missing)
    {
        // The program stands for any: its section is another one here.
        BpfObjectFile file = BpfObjectFile.Open(TestData.PathOf("execsnoop.bpf.o"));
        var check = new AttachTargetCheck(new TargetTypes(Kernel(["sched_switch"], functions.Split(','))));
        var program = new BpfProgramDefinition(file.Programs[0].Function, section, SectionTable.Find(section), autoLoad: true);
        Assert.Equal(missing, check.FindMissing(program));
    }

    private static IReadOnlyList<BpfFinding> Targets(string name, IEnumerable<string> tracepoints, IEnumerable<string> functions) =>
        [.. BpfObjectFile.Open(TestData.PathOf(name + ".bpf.o")).CheckPortability(new TargetTypes(Kernel(tracepoints, functions))).Where(finding => finding.Id == BpfDiagnosticId.NoAttachTarget)];

    private static void AssertMissing(string what, IReadOnlyList<BpfFinding> findings)
    {
        Assert.NotEmpty(findings);
        Assert.All(findings, finding =>
        {
            Assert.StartsWith($"The kernel has no {what},", finding.Message, StringComparison.Ordinal);
            Assert.True(finding.Place.SourceLine > 0);
        });
    }

    private static BtfReader Kernel(IEnumerable<string> tracepoints, IEnumerable<string> functions)
    {
        var builder = new BtfBuilder();
        BtfTypeId prototype = builder.AddFunctionPrototype(default);
        foreach (string tracepoint in tracepoints) builder.AddTypedef("btf_trace_" + tracepoint, prototype);
        foreach (string function in functions.Where(function => function.Length > 0)) builder.AddFunction(function, BtfLinkage.Static, prototype);
        return builder.ToReader();
    }

    [Fact]
    public void A_helper_that_the_kernel_does_not_list_is_a_finding()
    {
        var builder = new BtfBuilder();
        builder.AddEnum("bpf_func_id");
        builder.AddEnumerator("BPF_FUNC_unspec", 0);
        IReadOnlyList<BpfFinding> findings = BpfObjectFile.Open(TestData.PathOf("bad_helper.bpf.o")).CheckPortability(new TargetTypes(builder.ToReader()));
        Assert.Contains(findings, finding => finding.Id == BpfDiagnosticId.MissingHelper && finding.Message.Contains("9999", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("execsnoop", "the map type RingBuf, which the map 'events' is of", "Its map types end with 26 (BPF_MAP_TYPE_STRUCT_OPS).")]
    [InlineData("hook_netfilter", "the program type Netfilter, which the program", "Its program types end with 31 (BPF_PROG_TYPE_SYSCALL), its attach types with 41 (BPF_PERF_EVENT).")]
    [InlineData("hook_kprobe_multi", "the attach type TraceKprobeMulti, which the program", "its attach types with 41 (BPF_PERF_EVENT).")]
    public void A_type_that_the_kernel_does_not_list_is_a_finding(string name, string what, string last)
    {
        IReadOnlyList<BpfFinding> findings = BpfObjectFile.Open(TestData.PathOf(name + ".bpf.o")).CheckPortability(new TargetTypes(OldEnums().ToReader()));
        BpfFinding finding = findings.First(finding => finding.Id == BpfDiagnosticId.NotSupported);
        Assert.Equal(BpfSeverity.Warning, finding.Severity);
        Assert.StartsWith("The kernel lacks " + what, finding.What, StringComparison.Ordinal);
        Assert.EndsWith(last, finding.Cause, StringComparison.Ordinal);
        Assert.NotNull(finding.Cure);
    }

    [Theory]
    [InlineData("hook_tracepoint")]
    [InlineData("maps_simple")]
    public void What_the_kernel_lists_is_no_finding(string name) =>
        Assert.DoesNotContain(BpfObjectFile.Open(TestData.PathOf(name + ".bpf.o")).CheckPortability(new TargetTypes(OldEnums().ToReader())), finding => finding.Id == BpfDiagnosticId.NotSupported);

    // The lists of Linux 5.15, but for ring buffers; their names do not matter but for the last.
    private static BtfBuilder OldEnums()
    {
        var builder = new BtfBuilder();
        foreach ((string name, int last, string lastName) in (ReadOnlySpan<(string, int, string)>)[("bpf_map_type", 26, "BPF_MAP_TYPE_STRUCT_OPS"), ("bpf_prog_type", 31, "BPF_PROG_TYPE_SYSCALL"), ("bpf_attach_type", 41, "BPF_PERF_EVENT")])
        {
            builder.AddEnum(name);
            for (int value = 0; value < last; value++) builder.AddEnumerator($"{name}_{value}", value);
            builder.AddEnumerator(lastName, last);
            builder.AddEnumerator("__MAX_" + name, last + 1);
        }

        return builder;
    }

    [Fact]
    public void Weak_functions_of_the_kernel_may_be_missing() => Assert.DoesNotContain(Check("extern_kfuncs_weak", "same"), finding => finding.Id == BpfDiagnosticId.MissingExtern);

    [Theory]
    [MemberData(nameof(TestData.GoodObjects), MemberType = typeof(TestData))]
    public void Whatever_cannot_be_relocated_is_a_finding(string name)
    {
        if (Open(name) is not { } file) return;
        TargetTypes target = Target("changed");
        IReadOnlyList<BpfFinding> findings = file.CheckPortability(target);
        foreach (BpfRelocatedProgram program in file.Relocate(target))
        {
            if (program.Failure is CoReException failure && program.Definition.AutoLoad) Assert.Contains(findings, finding => finding.Id == failure.Id);
        }
    }

    private static BpfObjectFile? Open(string name)
    {
        try
        {
            return BpfObjectFile.Open(TestData.PathOf(name));
        }
        catch (BpfFormatException)
        {
            return null;
        }
    }

    [Theory]
    [InlineData("core_exists", "guarded", BpfSeverity.Info, "asks before")]
    [InlineData("call_subprogs", "second", BpfSeverity.Warning, "does not ask before, and the verifier refuses it there")]
    public void Relocating_says_what_is_asked_before_and_what_is_not(string name, string program, BpfSeverity severity, string cause)
    {
        BpfObjectFile file = BpfObjectFile.Open(TestData.PathOf(name + ".bpf.o"));
        IReadOnlyList<BpfFinding> findings = file.Relocate(CoReObject.Target("btf/odd.bpf.o")).Single(relocated => relocated.Definition.Name == program).Diagnostics;
        Assert.NotEmpty(findings);
        Assert.All(findings, finding =>
        {
            Assert.Equal((BpfDiagnosticId.CoReTargetMissing, severity), (finding.Id, finding.Severity));
            Assert.Contains(cause, finding.Cause, StringComparison.Ordinal);
            Assert.True(finding.Place.SourceLine > 0);
        });

        // The check tells of the latter, and by the same record.
        IEnumerable<BpfFinding> ofProgram = file.CheckPortability(CoReObject.Target("btf/odd.bpf.o")).Where(finding => finding.Cause?.Contains($"'{program}'", StringComparison.Ordinal) == true);
        Assert.Equal(findings.Where(finding => finding.Severity == BpfSeverity.Warning), ofProgram);
    }

    private static IReadOnlyList<BpfFinding> Check(string name, string target) => BpfObjectFile.Open(TestData.PathOf(name + ".bpf.o")).CheckPortability(Target(target));

    private static TargetTypes Target(string name) => new(BtfReader.ReadRawOrElf(TestData.Read($"btf/{name}.bpf.o")));
}
