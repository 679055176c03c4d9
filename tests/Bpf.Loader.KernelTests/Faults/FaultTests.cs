using System.Collections.Generic;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Xunit;

namespace Bpf.Loader.KernelTests.Faults;

/// <summary>
/// Each system call of loading, attaching, reading and letting go is made to fail in turn. A sample of the errnos here, all of them with
/// <c>build/faults.sh</c>.
/// </summary>
public sealed class FaultTests : KernelTest
{
    public static TheoryData<string> Scenarios => [.. FaultScenarios.All.Keys];

    public static TheoryData<string> Attachments => [.. FaultyAttachments.All.Keys];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Whatever_fails_is_told_and_leaves_nothing(string name)
    {
        Requires.RealProcessor();
        using FaultScenario scenario = FaultScenarios.All[name]();
        FaultSweep.Run(scenario);
    }

    [Theory]
    [MemberData(nameof(Attachments))]
    public void Whatever_fails_leaves_nothing_attached(string name)
    {
        // Many calls of netlink, the same on every kernel.
        if (name is "tc" or "xdp: netlink" or "xdp: link" or "route") Requires.RealProcessor();
        using FaultScenario scenario = FaultyAttachments.All[name]();
        FaultSweep.Run(scenario);
    }
}
