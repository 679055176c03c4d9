using System.Collections.Generic;

namespace Bpf.Loader.Testing;

/// <summary>Where a test runs its programs: the same test, in the machine and on the kernel.</summary>
/// <example>
/// <code>
/// [Theory, MemberData(nameof(On.Both), MemberType = typeof(On))]     // or [BpfTheory] of the package Bpf.Loader.Testing.Xunit
/// public void Denied_networks_are_dropped(BpfTestBed on)
/// {
///     using BpfTestObject bpf = on.Load&lt;Firewall&gt;();
///     bpf.Map&lt;uint, ulong&gt;("denied")[0x0302010a] = 0;
///     Assert.Equal(XdpAction.Drop, bpf.Program("filter").RunXdp(packet).Action);
/// }
/// </code>
/// </example>
public static class On
{
    /// <summary>A machine of its own, in user space.</summary>
    public static BpfTestBed Machine => new Beds.MachineBed(new BpfMachine());

    /// <summary>
    /// The kernel that the test runs on: programs are loaded, and run by its test run or attached. Where it cannot be, for want of rights
    /// or because the kernel is too old, <see cref="BpfUnavailableException"/> says why.
    /// </summary>
    public static BpfTestBed Kernel { get; } = new Beds.KernelBed();

    /// <summary>Both, as the data of a theory: a row each.</summary>
    public static IEnumerable<object[]> Both => [[Machine], [Kernel]];

    /// <summary>A certain machine, such as one with other kernel types.</summary>
    public static BpfTestBed This(BpfMachine machine) => new Beds.MachineBed(machine);
}
