using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Xunit;

namespace Bpf.Loader.KernelTests.Diagnostics;

/// <summary>Every condition under which a program is not attached has its id, names the hook, and leaves nothing behind.</summary>
public sealed class AttachConditionsTests : KernelTest
{
    // What no test object leads to, and where it is tested.
    private static readonly BpfDiagnosticId[] Elsewhere =
    [
        BpfDiagnosticId.AmbiguousFunction, // BinarySymbolsTests: binaries of the test's own
        BpfDiagnosticId.BadUsdtNote, // UsdtNoteReaderTests
        BpfDiagnosticId.NotProbeable, BpfDiagnosticId.ForeignBinary, // BinaryImageTests, ProbedFileTests
        BpfDiagnosticId.ReplacedBinary, BpfDiagnosticId.BinaryChanged, // ProbedFileTests: files that are replaced as the test runs
        BpfDiagnosticId.AttachNotPermitted, BpfDiagnosticId.NoTraceFs, // TokenTests: a process without rights
    ];

    private static readonly BpfDiagnosticId[] OfKprobes = [BpfDiagnosticId.NoSuchKernelFunction, BpfDiagnosticId.NotTraceable, BpfDiagnosticId.NoMatch];

    public static TheoryData<string> Conditions() => [.. AttachConditions.All().Select(row => row.Condition)];

    [Theory, MemberData(nameof(Conditions))]
    public void A_condition_has_its_id_a_name_and_a_cure(string condition)
    {
        (_, BpfDiagnosticId id, string name, string says, Action provoke) = AttachConditions.All().Single(row => row.Condition == condition);
        BpfAttachException refusal = Assert.Throws<BpfAttachException>(provoke);
        Assert.True(id == refusal.Id, $"{refusal.Id}: {refusal.Message}");
        Assert.StartsWith(id.ToCode(), refusal.Message, StringComparison.Ordinal);
        Assert.Contains(name, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_refusal_of_an_attachment_is_reached()
    {
        HashSet<BpfDiagnosticId> reached = [.. AttachConditions.All().Select(row => row.Id)];
        IEnumerable<BpfDiagnosticId> unreachable = AttachConditions.HasFprobe && AttachConditions.HasKprobes ? Elsewhere : Elsewhere.Concat(OfKprobes);
        // Those from 5030 on are warnings about what is attached.
        Assert.Empty(Enum.GetValues<BpfDiagnosticId>().Where(id => (int)id is >= 5000 and < 5030).Except(unreachable).Except(reached));
    }
}
