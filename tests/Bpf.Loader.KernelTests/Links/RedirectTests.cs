using System;
using System.Buffers.Binary;
using Bpf.Loader.Instructions;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Bpf.Loader.Links.Network;
using Bpf.Loader.Maps;
using Xunit;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.KernelTests.Links;

/// <summary>Programs in the entries of maps of devices and processors, which see what XDP programs redirect there.</summary>
public sealed class RedirectTests : KernelTest
{
    private const int GetProcessor = 8, RedirectMap = 51;
    private const int Drop = 1, Pass = 2;

    [Theory]
    [InlineData(BpfMapType.DevMap, Pass, false)]
    [InlineData(BpfMapType.DevMap, Drop, true)]
    [InlineData(BpfMapType.DevMapHash, Drop, false)]
    [InlineData(BpfMapType.DevMapHash, Pass, true)]
    public void A_program_of_a_device_decides_what_leaves_by_it(BpfMapType type, int verdict, bool withFragments)
    {
        if (withFragments) Requires.Fragments();
        using var network = new TestNetwork();
        using BpfMap devices = Make(type, 1);
        BpfProgramFlags flags = withFragments ? BpfProgramFlags.XdpHasFrags : BpfProgramFlags.None;
        using AttachedProgram redirect = Redirect(devices, 0, flags);
        using var leaving = new AttachedProgram(BpfProgramType.Xdp, BpfAttachType.XdpDevMap, KeepDevice, verdict, flags: flags);
        using var arriving = new AttachedProgram(BpfProgramType.Xdp, BpfAttachType.Xdp, CountPeers, Pass);
        Put(devices, 0, (uint)network.DeviceIndex, leaving);

        // What comes in at the device goes back out of it, to where it came from.
        BpfLink? peer = null;
        network.Inside(() => peer = XdpAttacher.Attach(arriving.Source, NetworkInterface.Find(network.Peer), new XdpOptions { Mode = XdpMode.Native }));
        using (peer)
        using (XdpAttacher.Attach(redirect.Source, NetworkInterface.Find(network.Device), new XdpOptions { Mode = XdpMode.Native }))
        {
            network.ReceiveUntil(() => (verdict == Pass ? arriving[1] : leaving.Runs) >= 20);
            Assert.Equal(network.DeviceIndex, leaving[1]);
            Assert.InRange(arriving[1], 0, verdict == Pass ? leaving.Runs : 0);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_program_of_a_processor_runs_on_it(bool withFragments)
    {
        if (withFragments) Requires.Fragments();
        using var network = new TestNetwork();
        uint cpu = (uint)PossibleCpus.ReadOnline()[^1];
        using BpfMap processors = Make(BpfMapType.CpuMap, cpu + 1);
        BpfProgramFlags flags = withFragments ? BpfProgramFlags.XdpHasFrags : BpfProgramFlags.None;
        using AttachedProgram redirect = Redirect(processors, cpu, flags);
        using var there = new AttachedProgram(
            BpfProgramType.Xdp, BpfAttachType.XdpCpuMap, code => code.CallHelper(GetProcessor).Store(BpfAccessSize.DoubleWord, R7, 8, R0), Pass, flags: flags);
        Put(processors, cpu, 192, there);
        using (XdpAttacher.Attach(redirect.Source, NetworkInterface.Find(network.Device), new XdpOptions { Mode = XdpMode.Native }))
        {
            network.ReceiveUntil(() => there.Runs >= 20);
            Assert.Equal(cpu, there[1]);
        }
    }

    [Fact]
    public void A_program_for_something_else_is_refused()
    {
        using BpfMap processors = Make(BpfMapType.CpuMap, 1), devices = Make(BpfMapType.DevMap, 1);
        using var forDevices = new AttachedProgram(BpfProgramType.Xdp, BpfAttachType.XdpDevMap, returns: Pass);
        using var forProcessors = new AttachedProgram(BpfProgramType.Xdp, BpfAttachType.XdpCpuMap, returns: Pass);
        // Whatever the reason, kernels say of an entry for a processor that there is no memory; Linux 7.3 says what is wrong.
        Assert.True(Assert.Throws<BpfException>(() => Put(processors, 0, 192, forDevices)).Errno is Errno.ENOMEM or Errno.EINVAL);
        Assert.Equal(Errno.EINVAL, Assert.Throws<BpfException>(() => Put(devices, 0, 1, forProcessors)).Errno);
        Put(processors, 0, 192, forProcessors);
    }

    private static BpfMap Make(BpfMapType type, uint entries) =>
        BpfMap.Create(new BpfMapCreateOptions { Type = type, Name = "targets", KeySize = 4, ValueSize = 8, MaxEntries = entries });

    // struct bpf_devmap_val and struct bpf_cpumap_val: the device or the length of the queue, and the program.
    private static void Put(BpfMap map, uint key, uint target, AttachedProgram program)
    {
        Span<byte> bytes = stackalloc byte[12];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, key);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], target);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], (int)program.Source.Handle.DangerousGetHandle());
        map.Set(bytes[..4], bytes[4..]);
    }

    // The kernel wants programs with fragments in maps that such programs redirect to, and others in others.
    private static AttachedProgram Redirect(BpfMap map, uint key, BpfProgramFlags flags) => new(
        BpfProgramType.Xdp, BpfAttachType.Xdp, flags: flags,
        code: _ => new BpfAssembler().LoadMap(R1, map).Move(R2, (int)key).Move(R3, 0).CallHelper(RedirectMap).Exit());

    // Number 1: the device that the packet is about to leave by.
    private static void KeepDevice(BpfAssembler code) => code.Load(BpfAccessSize.Word, R1, R6, 20).Store(BpfAccessSize.DoubleWord, R7, 8, R1);

    // Number 1: packets of IPv4 from the address of the peer, 203.0.113.2.
    private static void CountPeers(BpfAssembler code) => code
        .Load(BpfAccessSize.Word, R2, R6, 0).Load(BpfAccessSize.Word, R3, R6, 4)
        .Move(R4, R2).Alu(BpfAluOperation.Add, R4, 34).JumpIf(BpfCondition.Greater, R4, R3, "out")
        .Load(BpfAccessSize.HalfWord, R4, R2, 12).JumpIf(BpfCondition.NotEqual, R4, 0x0008, "out")
        .Load(BpfAccessSize.Word, R4, R2, 26).JumpIf(BpfCondition.NotEqual, R4, 0x027100cb, "out")
        .Move(R1, 1).Atomic(BpfAtomicOperation.Add, BpfAccessSize.DoubleWord, R7, 8, R1);
}
