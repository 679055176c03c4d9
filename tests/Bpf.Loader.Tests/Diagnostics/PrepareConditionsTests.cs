using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Bpf.Loader.Tests.Diagnostics;

/// <summary>What stops an object before the kernel is asked for anything has an id, and a message that names the thing.</summary>
public class PrepareConditionsTests
{
    // Findings, not refusals: the code that they are in must not be reached, and the verifier has the last word.
    private static readonly BpfDiagnosticId[] Findings = [BpfDiagnosticId.CoReTargetMissing, BpfDiagnosticId.CoReWidthDiffers];

    public static TheoryData<string> Conditions() => [.. PrepareConditions.All().Select(row => row.Condition)];

    [Theory, MemberData(nameof(Conditions))]
    public void A_condition_has_its_id_a_name_and_a_cure(string condition)
    {
        (_, BpfDiagnosticId id, string name, string says, Func<BpfLoaderException> provoke) = PrepareConditions.All().Single(row => row.Condition == condition);
        BpfLoaderException refusal = provoke();
        Assert.Equal(id, refusal.Id);
        Assert.Contains(name, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
        if (refusal is not BpfException) Assert.Contains(id.ToCode(), refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_refusal_of_CO_RE_is_reached()
    {
        HashSet<BpfDiagnosticId> reached = [.. PrepareConditions.All().Select(row => row.Id)];
        Assert.Empty(Enum.GetValues<BpfDiagnosticId>().Where(id => (int)id is >= 3000 and < 4000).Except(Findings).Except(reached));
    }
}
