using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Objects;
using Xunit;

namespace Bpf.Loader.Tests.Objects;

/// <summary>What section names say of programs, and what the caller can change of them.</summary>
public class ProgramDefinitionTests
{
    [Theory]
    [InlineData("kprobe/do_unlinkat", BpfProgramType.Kprobe, AttachKind.Kprobe, "do_unlinkat")]
    [InlineData("uprobe//usr/lib/x.so:f+0x10", BpfProgramType.Kprobe, AttachKind.Uprobe, "/usr/lib/x.so:f+0x10")]
    [InlineData("usdt.s/a:b:c", BpfProgramType.Kprobe, AttachKind.Usdt, "a:b:c")]
    [InlineData("tp/sched/sched_switch", BpfProgramType.Tracepoint, AttachKind.Tracepoint, "sched/sched_switch")]
    [InlineData("fentry.s/mod:f", BpfProgramType.Tracing, AttachKind.Trampoline, "mod:f")]
    [InlineData("freplace/f", BpfProgramType.Ext, AttachKind.Replace, "f")]
    [InlineData("struct_ops/init", BpfProgramType.StructOps, AttachKind.StructOps, "init")]
    [InlineData("kprobe", BpfProgramType.Kprobe, AttachKind.Kprobe, null)]
    [InlineData("xdp/devmap", BpfProgramType.Xdp, AttachKind.None, null)]
    [InlineData("cgroup/connect4", BpfProgramType.CgroupSockAddr, AttachKind.None, null)]
    public void A_section_name_tells_type_and_target(string section, BpfProgramType type, AttachKind kind, string? target)
    {
        BpfProgramDefinition program = ProgramIn(section);
        Assert.Equal((type, kind, target), (program.Type, program.SectionDefinition!.AttachKind, program.AttachTarget));
        Assert.True(program.AutoLoad && program.AutoAttach);
    }

    [Fact]
    public void A_question_mark_makes_a_program_optional()
    {
        BpfProgramDefinition program = ProgramIn("?tracepoint/a/b");
        Assert.Equal(("tracepoint/a/b", false, BpfProgramType.Tracepoint), (program.SectionName, program.AutoLoad, program.Type));
    }

    [Theory]
    [InlineData("xdp_drop")]
    [InlineData("xdp/drop")]
    [InlineData("kprobes/x")]
    [InlineData("classifier/ingress")]
    public void Names_match_as_a_whole_unless_the_caller_wants_less(string section)
    {
        BpfObjectFile file = FileWith(section);
        Assert.Equal((BpfProgramType.Unspecified, null), (file.Programs[0].Type, file.Programs[0].SectionDefinition));
        Assert.Contains(file.Diagnostics, finding => finding.Id == BpfDiagnosticId.SectionNameUnknown && finding.Place.Symbol == "program");

        BpfProgramDefinition relaxed = ProgramIn(section, new BpfOpenOptions { RelaxedSectionNames = true });
        Assert.NotEqual(BpfProgramType.Unspecified, relaxed.Type);
    }

    [Fact]
    public void Of_the_relaxed_names_the_longest_is_meant() =>
        Assert.Equal(BpfAttachType.XdpDevMap, ProgramIn("xdp/devmap_x", new BpfOpenOptions { RelaxedSectionNames = true }).ExpectedAttachType);

    [Fact]
    public void Callers_have_names_of_their_own_and_a_fallback()
    {
        var seen = new List<string>();
        var own = new SectionDefinition("xdp", SectionMatch.RequiredArgument, BpfProgramType.SchedCls, BpfAttachType.TcxEgress, SectionTraits.Sleepable) { Setup = program => seen.Add(program.Name) };
        var fallback = new SectionDefinition("", SectionMatch.Exact, BpfProgramType.Syscall);
        var options = new BpfOpenOptions { Sections = [own], FallbackSection = fallback };

        BpfProgramDefinition mine = ProgramIn("xdp/mine", options);
        Assert.Equal((BpfProgramType.SchedCls, BpfAttachType.TcxEgress, "mine"), (mine.Type, mine.ExpectedAttachType, mine.AttachTarget));
        Assert.Equal(BpfProgramFlags.Sleepable, mine.LoadFlags);
        Assert.Equal(BpfProgramFlags.None, mine.Flags);
        Assert.Equal(["program"], seen);

        Assert.Equal(BpfProgramType.Xdp, ProgramIn("xdp", options).Type);
        BpfProgramDefinition other = ProgramIn("whatever", options);
        Assert.Same(fallback, other.SectionDefinition);
        other.Type = BpfProgramType.Xdp;
        Assert.Same(fallback, other.SectionDefinition); // the fallback has no opinion of the type
    }

    [Fact]
    public void Another_type_makes_the_section_name_mean_nothing()
    {
        BpfProgramDefinition program = ProgramIn("xdp.frags");
        Assert.Equal(BpfProgramFlags.XdpHasFrags, program.LoadFlags);
        program.Type = BpfProgramType.Xdp;
        Assert.NotNull(program.SectionDefinition);
        program.Type = BpfProgramType.SchedCls;
        Assert.Null(program.SectionDefinition);
        Assert.Equal(BpfProgramFlags.None, program.LoadFlags);
        program.Flags = BpfProgramFlags.TestRandomizeHigh32;
        Assert.Equal(BpfProgramFlags.TestRandomizeHigh32, program.LoadFlags);
    }

    [Fact]
    public void A_name_that_is_not_there_tells_those_that_are()
    {
        BpfObjectFile file = FileWith("xdp");
        KeyNotFoundException e = Assert.Throws<KeyNotFoundException>(() => file.Programs["programme"]);
        Assert.Contains("program", e.Message, System.StringComparison.Ordinal);
        Assert.Throws<KeyNotFoundException>(() => file.Maps["events"]);
        Assert.False(file.Globals.TryGet("x", out _));
    }

    [Fact]
    public void Names_are_unique_in_the_table() =>
        Assert.Equal(SectionTable.All.Count, SectionTable.All.Select(row => row.Name).Distinct().Count());

    private static BpfProgramDefinition ProgramIn(string section, BpfOpenOptions? options = null) => FileWith(section, options).Programs.Single();

    private static BpfObjectFile FileWith(string section, BpfOpenOptions? options = null)
    {
        var builder = new ObjectBuilder();
        builder.AddProgram(section, "program");
        return builder.Read(options);
    }
}
