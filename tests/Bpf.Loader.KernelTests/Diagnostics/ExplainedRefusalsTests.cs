using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Objects;
using Bpf.Loader.Tests.Diagnostics.Verifier;
using Xunit;

namespace Bpf.Loader.KernelTests.Diagnostics;

/// <summary>
/// The verifier of the running kernel refuses the programs of <c>testdata/refused</c>, and each is told what it must be: by the same
/// table as the recorded logs of other kernels.
/// </summary>
public sealed class ExplainedRefusalsTests : KernelTest
{
    private const int MostLines = 12, Narrow = 60;

    // What some kernels take. That they do is seen by the load; where this kernel was seen to refuse it, the test fails.
    private static readonly Dictionary<string, string> Taken = new()
    {
        ["forgotten/peeked"] = "the verifier sees that a Bloom filter reads the value",
        ["helper/not_for_socket"] = "the kernel lets all programs ask who is running",
        ["null/unchecked_inner"] = "the verifier sees that the key is within the inner array",
        ["stack/member"] = "the verifier lets privileged programs read what they did not write",
        ["stack/never_written"] = "the verifier lets privileged programs read what they did not write",
    };

    // The kernel functions that a program calls, which older kernels do not have.
    private static readonly Dictionary<string, string> Functions = new()
    {
        ["kernel/task_kept"] = "bpf_task_from_pid",
        ["misused/number_released"] = "bpf_task_release",
        ["misused/not_acquired"] = "bpf_task_release",
    };

    private static readonly string Kernel = string.Create(CultureInfo.InvariantCulture, $"{KernelVersion.Current.Major}.{KernelVersion.Current.Minor}");

    public static TheoryData<string> Programs => [.. ExpectedExplanations.Programs];

    [Theory, MemberData(nameof(Programs))]
    public void A_refusal_is_explained(string name)
    {
        string[] parts = name.Split('/');
        (string file, string program) = (parts[0] + ".bpf.o", parts[1]);
        // The verifier goes through a million instructions, twice; what it says there on each kernel is recorded.
        if (file is "loops.bpf.o" or "counters.bpf.o") Requires.RealProcessor();
        if (file == "forgotten.bpf.o") Requires.BloomFilters();
        BpfObjectFile alone = BpfObjectFile.Open(TestObjects.PathOf($"refused/{file}"));
        foreach (BpfProgramDefinition definition in alone.Programs) definition.AutoLoad = definition.Name == program;
        if (Functions.TryGetValue(name, out string? function)) Assert.SkipUnless(Requires.Has(function), $"this kernel has no {function}() (Linux 6.2)");
        KernelPolicy.Permits(alone);
        BpfVerifierException? refusal = Refusal(alone);
        if (refusal is null)
        {
            Assert.False(RecordedRefusals.Has(Kernel, file, program), $"Linux {Kernel} was seen to refuse {name}, and took it.");
            Assert.SkipWhen(Taken.TryGetValue(name, out string? why), $"this kernel takes it: {why}");
            Assert.Fail($"{name} was loaded.");
        }

        BpfFinding finding = refusal.Finding;
        (BpfDiagnosticId id, string what, string source, string origin) = ExpectedExplanations.Of(Kernel, file, program);

        // The loader knows what the log alone does not tell: which function is missing, and that programs of this type never sleep there.
        (id, what) = (name, id) switch
        {
            ("kernel/missing_function", _) or ("held/sleeps_in_rcu", BpfDiagnosticId.MissingHelper) => (BpfDiagnosticId.MissingExtern, what),
            ("held/sleeps_in_rcu", BpfDiagnosticId.HelperMaySleep) => (BpfDiagnosticId.NotSupported, "programs of type Kprobe that may sleep"),
            _ => (id, what),
        };
        Assert.True(id == finding.Id, refusal.Message);
        Assert.Contains(what, finding.What, StringComparison.Ordinal);
        if (source.Length != 0) Assert.Equal(source, finding.Place.SourceText?.Trim());
        if (origin.Length != 0) Assert.Contains(finding.Origins, step => step.What.Contains(origin, StringComparison.Ordinal));
        Assert.False(string.IsNullOrEmpty(finding.Cure));
        Assert.InRange(finding.ToString(Narrow).Split('\n').Length, 4, MostLines);
    }

    private static BpfVerifierException? Refusal(BpfObjectFile file)
    {
        try
        {
            file.Load().Dispose();
            return null;
        }
        catch (BpfVerifierException refusal)
        {
            return refusal;
        }
    }
}
