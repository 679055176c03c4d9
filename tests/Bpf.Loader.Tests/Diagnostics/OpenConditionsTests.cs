using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Bpf.Loader.Tests.Diagnostics;

/// <summary>Every condition of an open that fails has its own id, a place, and a message that says more than that it failed.</summary>
public class OpenConditionsTests
{
    // These are about the file as a whole.
    private static readonly BpfDiagnosticId[] WithoutPlace = [BpfDiagnosticId.NoSymbolTable];

    // What no damaged or wrong object leads to, and where it is tested.
    private static readonly BpfDiagnosticId[] Elsewhere =
    [
        BpfDiagnosticId.Unreadable, BpfDiagnosticId.Excessive, BpfDiagnosticId.DataSectionTooLarge, // files that are not there, or far too large
        BpfDiagnosticId.BadString, BpfDiagnosticId.BadSymbol, // damaged tables of the ELF file: DamagedElfTests
        BpfDiagnosticId.SeveralArenas, // two maps: MapDefinitionTests
        BpfDiagnosticId.LegacyMapMalformed, BpfDiagnosticId.LegacyMapInner, // what libbpf does not read: LegacyMapTests
        BpfDiagnosticId.BadCall, BpfDiagnosticId.BadExceptionCallback, BpfDiagnosticId.BadJumpTable, // when programs are put together, not before
    ];

    public static TheoryData<string> Conditions() => [.. OpenConditions.All().Select(row => row.Condition)];

    [Theory, MemberData(nameof(Conditions))]
    public void A_condition_has_its_id_and_a_place(string condition)
    {
        (_, BpfDiagnosticId id, Func<byte[]> image) = OpenConditions.All().Single(row => row.Condition == condition);
        BpfFormatException refusal = Assert.Throws<BpfFormatException>(() => BpfObjectFile.Read(image(), "test.bpf.o"));
        Assert.Equal((id, id.ToCode()), (refusal.Id, refusal.Message[..7]));
        Assert.True(refusal.Section is not null || refusal.Offset is not null || refusal.Message.Contains('\'') || WithoutPlace.Contains(id), refusal.Message);
        Assert.True(refusal.Message.Length > 40, refusal.Message);
    }

    [Fact]
    public void Every_finding_of_an_object_is_reached()
    {
        HashSet<BpfDiagnosticId> reached = [.. OpenConditions.All().Select(row => row.Id)];
        BpfDiagnosticId[] expected =
        [
            .. Enum.GetValues<BpfDiagnosticId>().Where(id => (int)id < 1190).Except(Elsewhere),
        ];
        Assert.Empty(expected.Except(reached));
    }
}
