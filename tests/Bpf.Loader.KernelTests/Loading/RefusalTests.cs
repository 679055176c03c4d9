using System;
using System.Linq;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Objects;
using Xunit;

namespace Bpf.Loader.KernelTests.Loading;

/// <summary>What cannot be loaded says why, and leaves nothing behind (which <see cref="KernelTest"/> checks).</summary>
public sealed class RefusalTests : KernelTest
{
    public static TheoryData<string> BadObjects => TestObjects.Bad;

    [Theory]
    [MemberData(nameof(BadObjects))]
    public void Bad_objects_are_refused_and_nothing_stays_open(string name)
    {
        Assert.ThrowsAny<BpfLoaderException>(() =>
        {
            BpfObjectFile file = BpfObjectFile.Open(TestObjects.PathOf(name));
            foreach (BpfProgramDefinition program in file.Programs) program.AutoLoad = true;
            file.Load().Dispose();
        });
    }

    [Fact]
    public void The_verifiers_refusal_says_what_is_wrong_and_shows_the_line_of_C()
    {
        BpfVerifierException refusal = Assert.Throws<BpfVerifierException>(() => Load("bad_null.bpf.o"));
        Assert.Equal(BpfDiagnosticId.PointerMayBeNull, refusal.Id);
        Assert.Contains("'value' may be NULL", refusal.Message.Split('\n')[0], StringComparison.Ordinal);
        Assert.Equal("return *value;", refusal.Finding.Place.SourceText?.Trim());
        Assert.Equal(["the look-up in map 'table'", "program 'unchecked', which calls it"], refusal.Finding.Origins.Select(origin => origin.What));
        Assert.Equal("docs/diagnostics.md#bpf4101", refusal.HelpLink);
        Assert.DoesNotContain("Permission denied", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("map_value_or_null", refusal.Log, StringComparison.Ordinal);
        Assert.Contains("map_value_or_null", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("unchecked", refusal.ProgramName);
    }

    [Fact]
    public void A_missing_field_is_named_and_not_the_number_that_stands_for_it()
    {
        BpfVerifierException refusal = Assert.Throws<BpfVerifierException>(() => Load("bad_core.bpf.o"));
        Assert.Contains("struct task_struct has no bpf_loader_missing_member", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_map_that_was_not_created_is_named()
    {
        BpfObjectFile file = BpfObjectFile.Open(TestObjects.PathOf("execsnoop.bpf.o"));
        file.Maps["events"].AutoCreate = false;
        BpfVerifierException refusal = Assert.Throws<BpfVerifierException>(() => file.Load());
        Assert.Contains("'events', which was not created", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_whole_log_is_kept_however_long_it_is()
    {
        BpfObjectFile file = BpfObjectFile.Open(TestObjects.PathOf("hook_cgroup.bpf.o"));
        using BpfObject loaded = file.Load(new BpfLoadOptions { VerifierLogLevel = 2 });
        Assert.Equal(loaded.Programs.Select(program => program.Name), loaded.VerifierLogs.Keys);
        Assert.All(loaded.VerifierLogs.Values, log => Assert.Contains("processed ", log, StringComparison.Ordinal));
    }

    [Fact]
    public void Objects_of_the_other_byte_order_are_refused_by_name()
    {
        BpfFormatException refusal = Assert.Throws<BpfFormatException>(() => Load("be/execsnoop.bpf.o"));
        Assert.Equal(BpfDiagnosticId.ForeignByteOrder, refusal.Id);
    }

    private static void Load(string name) => BpfObjectFile.Open(TestObjects.PathOf(name)).Load().Dispose();
}
