using System;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Faults;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Objects;
using Xunit;

namespace Bpf.Loader.KernelTests.Diagnostics;

/// <summary>What an explanation costs: one load without a log, and one with a log of bounded size when there is something to explain.</summary>
public sealed class RefusalCostTests : KernelTest
{
    private const int MostCharacters = 16 << 20;

    [Theory]
    [InlineData("refused/null", "unchecked")]
    [InlineData("refused/bounds", "off_by_one")]
    [InlineData("refused/packet", "beyond_check")]
    public void A_refusal_is_one_load_without_a_log_and_one_with(string file, string program)
    {
        BpfObjectFile refused = Only(file, program);
        Assert.Equal(1, MoreThanSound(() => refused.Load().Dispose(), out Exception? thrown));
        Assert.NotEmpty(Assert.IsType<BpfVerifierException>(thrown).Log);
    }

    [Fact]
    public void Who_asks_for_a_log_pays_one_load()
    {
        BpfObjectFile refused = Only("refused/null", "unchecked");
        Assert.Equal(0, MoreThanSound(() => refused.Load(new BpfLoadOptions { VerifierLogLevel = 1 }).Dispose(), out Exception? thrown));
        Assert.Contains("invalid mem access", Assert.IsType<BpfVerifierException>(thrown).Log, StringComparison.Ordinal);
    }

    // A million instructions have a log of some 100 MB.
    [Fact]
    public void A_loop_without_end_is_verified_twice_and_its_log_is_bounded()
    {
        Requires.RealProcessor();
        BpfObjectFile refused = Only("refused/loops", "no_end");
        Assert.Equal(1, MoreThanSound(() => refused.Load().Dispose(), out Exception? thrown));
        BpfVerifierException refusal = Assert.IsType<BpfVerifierException>(thrown);
        Assert.Equal(BpfDiagnosticId.LoopWithoutEnd, refusal.Finding.Id);
        Assert.InRange(refusal.Log.Length, 1 << 20, MostCharacters);

        // Since 6.4 the log rolls over, and its end is what is left.
        if (KernelVersion.Current.CompareTo(new KernelVersion(6, 4, 0)) >= 0) Assert.Contains("BPF program is too large", refusal.Log[^1000..], StringComparison.Ordinal);
    }

    private static BpfObjectFile Only(string file, string program)
    {
        BpfObjectFile alone = BpfObjectFile.Open(TestObjects.PathOf($"{file}.bpf.o"));
        foreach (BpfProgramDefinition definition in alone.Programs) definition.AutoLoad = definition.Name == program;
        return alone;
    }

    // How many loads it takes more than a program that is taken at once: what a load asks of the kernel beside is not counted.
    private static int MoreThanSound(Action load, out Exception? thrown)
    {
        BpfObjectFile sound = Only("bad_verifier", "accepted");
        int loads = Loads(load, out thrown) - Loads(() => sound.Load().Dispose(), out Exception? none);
        Assert.Null(none);
        return loads;
    }

    // What is found out about the kernel once is not the load's.
    private static int Loads(Action load, out Exception? thrown)
    {
        using var thread = new FaultThread(FailingCall.Bpf, BpfCommand.ProgLoad);
        thread.Do(0, Errno.None, load);
        (_, thrown, int calls) = thread.Do(0, Errno.None, load);
        return calls;
    }
}
