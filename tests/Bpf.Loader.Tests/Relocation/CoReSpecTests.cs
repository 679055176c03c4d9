using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;
using Bpf.Loader.Relocation;
using Xunit;

namespace Bpf.Loader.Tests.Relocation;

/// <summary>Access strings, the words for what they mean, and what is said when they mean nothing.</summary>
public sealed class CoReSpecTests
{
    private readonly CoReTypes _types = new();
    private readonly BtfTypeId _root;

    public CoReSpecTests()
    {
        BtfTypeId anonymous = CoReTypes.Struct(_types.Local, null, ("x", _types.LocalU32), ("y", _types.LocalU32));
        BtfTypeId list = _types.Local.AddArray(_types.Local.AddConst(anonymous), _types.LocalInt, 3);
        BtfTypeId grid = _types.Local.AddArray(_types.Local.AddArray(_types.LocalU32, _types.LocalInt, 2), _types.LocalInt, 2);
        _root = CoReTypes.Struct(_types.Local, "s", ("a", _types.LocalU32), (null, anonymous), ("list", list), ("grid", grid));
        _types.Local.AddMember("bits", _types.LocalU32, 19, 3);
    }

    [Theory]
    [InlineData("0", "<byte_off> [9] struct s (0 @ offset 0)")]
    [InlineData("2", "<byte_off> [9] struct s[2] (2 @ offset 104)")]
    [InlineData("0:0", "<byte_off> [9] struct s.a (0:0 @ offset 0)")]
    [InlineData("0:1", "<byte_off> [9] struct s (0:1 @ offset 4)")]
    [InlineData("0:1:1", "<byte_off> [9] struct s.y (0:1:1 @ offset 8)")]
    [InlineData("0:2:2:1", "<byte_off> [9] struct s.list[2].y (0:2:2:1 @ offset 32)")]
    [InlineData("1:3:1:0", "<byte_off> [9] struct s[1].grid[1][0] (1:3:1:0 @ offset 96)")]
    [InlineData("0:4", "<byte_off> [9] struct s.bits (0:4 @ offset 2.3)")]
    public void A_path_reads_as_in_libbpfs_log(string access, string expected) =>
        Assert.Equal(expected, _types.Ask(_root, CoReKind.FieldByteOffset, access).Local.ToString());

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData(":0")]
    [InlineData("0:")]
    [InlineData("0::1")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData(" 0")]
    [InlineData("0:x")]
    [InlineData("0x1")]
    [InlineData("0:99999999999")]
    [InlineData("0:5")]       // no such member
    [InlineData("0:0:0")]     // an int has no parts
    [InlineData("0:2:3")]     // behind the end of an array
    [InlineData("0:3:0:2")]
    [InlineData("0:1:2")]
    public void A_path_that_leads_nowhere_is_refused(string access) =>
        Assert.Equal(BpfDiagnosticId.BadCoRePath, _types.Refusal(_root, CoReKind.FieldExists, access));

    [Fact]
    public void A_path_has_at_most_64_steps()
    {
        BtfTypeId id = _types.LocalU32;
        for (int i = 0; i < 70; i++) id = _types.Local.AddArray(id, _types.LocalInt, 1);
        BtfTypeId root = CoReTypes.Struct(_types.Local, "deep", ("list", _types.LocalU32));
        _types.Local.SetEntryType(root, 0, id);
        string Path(int steps) => "0:0" + string.Concat(Enumerable.Repeat(":0", steps - 2));
        Assert.Equal(BpfDiagnosticId.CoReTooDeep, _types.Refusal(root, CoReKind.FieldExists, Path(65)));

        // 64 steps are followed; the size of what is left cannot be told beyond 32 levels.
        Assert.Equal(BpfDiagnosticId.BadCoRePath, _types.Refusal(root, CoReKind.FieldExists, Path(64)));
        Assert.Equal(0u, _types.Ask(_root, CoReKind.FieldExists, "0:0").NewValue);
    }

    [Theory]
    [InlineData(CoReKind.TypeExists, "0:0")]
    [InlineData(CoReKind.TypeSize, "1")]
    [InlineData(CoReKind.TypeIdLocal, "")]
    [InlineData(CoReKind.EnumValue, "0")]      // no enum
    [InlineData(CoReKind.EnumValueExists, "0")]
    public void A_path_of_the_wrong_kind_is_refused(CoReKind kind, string access) =>
        Assert.Equal(BpfDiagnosticId.BadCoRePath, _types.Refusal(_root, kind, access));

    [Theory]
    [InlineData("0", null)]
    [InlineData("1", BpfDiagnosticId.BadCoRePath)]
    [InlineData("0:0", BpfDiagnosticId.BadCoRePath)]
    public void An_enumerator_is_one_number(string access, BpfDiagnosticId? expected)
    {
        BtfTypeId root = _types.Local.AddEnum("e");
        _types.Local.AddEnumerator("A", 1);
        if (expected is null) Assert.Equal("<enumval_exists> [10] enum e::A = 1", _types.Ask(root, CoReKind.EnumValueExists, access).Local.ToString());
        else Assert.Equal(expected, _types.Refusal(root, CoReKind.EnumValueExists, access));
    }

    [Fact]
    public void An_unknown_kind_is_refused() => Assert.Equal(BpfDiagnosticId.UnknownCoReKind, _types.Refusal(_root, (CoReKind)13));

    [Theory]
    [InlineData(CoReKind.FieldSigned)]
    [InlineData(CoReKind.FieldLeftShift64)]
    [InlineData(CoReKind.FieldRightShift64)]
    public void Of_an_element_only_offset_size_and_existence_can_be_asked(CoReKind kind)
    {
        Assert.Equal(BpfDiagnosticId.NoCoReValue, _types.Refusal(_root, kind, "0:2:1"));
        Assert.Equal(8u, _types.Ask(_root, CoReKind.FieldByteSize, "0:2:1").OriginalValue);
        Assert.Equal(20u, _types.Ask(_root, CoReKind.FieldByteOffset, "0:2:1").OriginalValue);
        Assert.Equal(1u, _types.Ask(_root, CoReKind.FieldExists, "0:2:1").OriginalValue);
    }

    [Fact]
    public void A_refusal_names_the_line_of_source()
    {
        ElfFile elf = ElfFile.Read(TestData.Read("core_ambiguous.bpf.o"));
        CoReFinding failure = Assert.Single(CoReRelocator.Check(elf, CoReObject.Target("btf/twice.bpf.o")), finding => finding.Failure is not null);
        Assert.Equal(BpfDiagnosticId.AmbiguousCoRe, failure.Failure!.Id);
        BpfLocation location = failure.Failure.Location;
        Assert.EndsWith("core_ambiguous.bpf.c", location.SourceFile);
        Assert.Equal("results[1] = core_byte_offset(s->different);", location.SourceText?.Trim()); // where it is asked, not where its offset is loaded
        Assert.StartsWith("BPF3005: ", failure.Failure.Message);
        Assert.Contains($"\n  at core_ambiguous.bpf.c:{location.SourceLine}", failure.Failure.Message);
        Assert.Contains("struct sample_twice___one.different (0:2 @ offset 8)", failure.Failure.Finding.What);
        Assert.Contains("struct sample_twice___two.different (0:0 @ offset 0)", failure.Failure.Finding.What);
        Assert.Equal(BpfSeverity.Error, failure.ToFinding()!.Severity);
    }

    [Fact]
    public void A_check_lists_what_a_target_lacks()
    {
        ElfFile elf = ElfFile.Read(TestData.Read("core_width.bpf.o"));
        BpfFinding[] findings = [.. CoReRelocator.Check(elf, CoReObject.Target("btf/odd.bpf.o")).Select(finding => finding.ToFinding()).OfType<BpfFinding>()];
        Assert.Equal(
            [
                "Info BPF3020: The target's struct sample has name with another type (unsigned long long).",
                "Warning BPF3021: signed_number of struct sample is 4 bytes here and 1 byte on the target; only pointers and unsigned integers may differ.",
                "Info BPF3020: The target's struct sample has color with another type (enum sample_color_of_another_name).",
            ],
            findings.Select(finding => $"{finding.Severity} {finding.Id.ToCode()}: {finding.What}"));
        Assert.All(findings, finding => Assert.True(finding.Place.SourceLine > 0));
        Assert.Empty(CoReRelocator.Check(elf, CoReObject.Target("btf/same.bpf.o")).Select(finding => finding.ToFinding()).OfType<BpfFinding>());
    }
}
