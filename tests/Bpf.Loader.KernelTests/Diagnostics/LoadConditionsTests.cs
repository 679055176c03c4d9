using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.KernelTests.Support;
using Xunit;

namespace Bpf.Loader.KernelTests.Diagnostics;

/// <summary>Every condition of a load that fails has its id, names the thing, and leaves nothing behind (which the base checks).</summary>
public sealed class LoadConditionsTests : KernelTest
{
    // What no object on this kernel leads to, and where it is tested.
    private static readonly BpfDiagnosticId[] Elsewhere =
    [
        BpfDiagnosticId.KernelRefused, // everything that has no id of its own
        BpfDiagnosticId.BadKernelConfigValue, BpfDiagnosticId.AmbiguousSymbol, BpfDiagnosticId.NoKernelSymbols, BpfDiagnosticId.IncompatibleExtern, // PrepareConditions: kernels of the test's own
        BpfDiagnosticId.NotPermitted, // TokenTests
        BpfDiagnosticId.NoKernelTypes, BpfDiagnosticId.NoKernelConfig, // kernels without; VmlinuxFiles and KernelConfig have tests of their own
        BpfDiagnosticId.NotSupported, // older kernels
        BpfDiagnosticId.ProgramRefused, // of a verifier's words that no rule knows: VerifierExplainerTests
        BpfDiagnosticId.SystemFileUnreadable, // HiddenFilesTests: where /proc or /sys are hidden
        BpfDiagnosticId.LayoutMismatch, // a view of a map that lives: the tests of layouts
        BpfDiagnosticId.NotLight, BpfDiagnosticId.SignatureRefused, // light objects: LightFileTests and SignatureTests
        BpfDiagnosticId.MissingHelper, // CheckPortability, which asks no kernel: PortabilityTests
        BpfDiagnosticId.MapBtfRefused, BpfDiagnosticId.BtfRefused, BpfDiagnosticId.MapNotBound, BpfDiagnosticId.FeatureLeftOut, BpfDiagnosticId.FeatureUnknown,
        BpfDiagnosticId.ContentsKept, BpfDiagnosticId.OtherConstants, BpfDiagnosticId.OtherTypes, BpfDiagnosticId.BtfNamesCleaned, BpfDiagnosticId.NothingLoaded, // findings: the object loads
    ];

    public static TheoryData<string> Conditions() => [.. LoadConditions.All().Select(row => row.Condition)];

    [Theory, MemberData(nameof(Conditions))]
    public void A_condition_has_its_id_a_name_and_a_cure(string condition)
    {
        (_, BpfDiagnosticId id, string name, string says, Action provoke) = LoadConditions.All().Single(row => row.Condition == condition);
        BpfLoaderException refusal = Assert.ThrowsAny<BpfLoaderException>(provoke);
        Assert.True(id == refusal.Id, $"{refusal.Id}: {refusal.Message}");
        Assert.Contains(name, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
    }

    // Those of the verifier, 41xx, have their own tests, by recorded logs.
    [Fact]
    public void Every_refusal_of_a_load_is_reached()
    {
        HashSet<BpfDiagnosticId> reached = [.. LoadConditions.All().Select(row => row.Id)];
        Assert.Empty(Enum.GetValues<BpfDiagnosticId>().Where(id => (int)id is >= 4000 and < 4100).Except(Elsewhere).Except(reached));
    }
}
