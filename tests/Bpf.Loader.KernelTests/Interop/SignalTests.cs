using System;
using System.Runtime.InteropServices;
using Bpf.Loader.Instructions;
using Bpf.Loader.Interop;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Bpf.Loader.Links.Network;
using Bpf.Loader.Maps;
using Xunit;

namespace Bpf.Loader.KernelTests.Interop;

/// <summary>A thread that is hit by signals all the time, whose handler restarts nothing, notices nothing of them.</summary>
[AnyKernel]
public sealed class SignalTests : KernelTest
{
    private const int Pass = 2;

    [Fact]
    public void The_storm_interrupts_what_is_not_protected()
    {
        using var storm = new SignalStorm();
        Assert.True(SignalStorm.Interrupts(), "No call was interrupted.");
    }

    [Fact]
    public void A_program_runs_as_often_as_it_was_asked_to()
    {
        const int Times = 10_000_000;
        using BpfMap counts = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.Array, Name = "counts", KeySize = 4, ValueSize = 8, MaxEntries = 1 });
        using TestProgram program = TestProgram.Load(new BpfAssembler()
            .LoadMapValue(BpfRegister.R1, counts, 0).Move(BpfRegister.R2, 1).Atomic(BpfAtomicOperation.Add, BpfAccessSize.DoubleWord, BpfRegister.R1, 0, BpfRegister.R2).Return(0));
        using (var storm = new SignalStorm())
        {
            program.Run(Times);
            Assert.True(storm.Sent > 10, "There was no storm.");
        }

        Assert.Equal(Times, counts.As<int, long>()[0]);
    }

    // The verifier gives up with EAGAIN when a signal is pending, and this one keeps it busy for a while.
    [Fact]
    public void Programs_are_verified()
    {
        const int Branches = 4000;
        var code = new BpfAssembler().Move(BpfRegister.R6, BpfRegister.R1);
        for (int i = 0; i < Branches; i++)
            code.CallHelper(7).JumpIf(BpfCondition.Equal, BpfRegister.R0, 1, $"next{i}").Move(BpfRegister.R0, i).Label($"next{i}"); // bpf_get_prandom_u32
        code.Return(0);
        byte[] instructions = MemoryMarshal.AsBytes(code.ToArray().AsSpan()).ToArray();
        using var storm = new SignalStorm();
        for (int i = 0; i < 10; i++)
        {
            var request = new ProgramLoadRequest { Type = BpfProgramType.SocketFilter, Instructions = instructions, License = "GPL\0"u8 };
            using FileDescriptorHandle? program = BpfSyscall.ProgramLoad(in request, out Errno errno);
            Assert.Equal(Errno.None, errno);
        }
    }

    [Fact]
    public void Hooks_are_attached_and_left()
    {
        using var network = new TestNetwork();
        NetworkInterface device = NetworkInterface.Find(network.Device);
        using AttachedProgram xdp = new(BpfProgramType.Xdp, BpfAttachType.Xdp, returns: Pass), tc = new(BpfProgramType.SchedCls), probe = new(BpfProgramType.Kprobe);
        using (new SignalStorm())
        {
            for (int i = 0; i < 20; i++)
            {
                XdpAttacher.Attach(xdp.Source, device, new XdpOptions { UseNetlink = true }).Dispose();
                TcAttacher.Attach(tc.Source, device, TrafficDirection.Ingress, new TcOptions()).Dispose();
                UprobeAttacher.Attach(probe.Source, NativeShims.UprobeTarget, "uprobe_target_add", false, new UprobeOptions { Mode = ProbeMode.TraceFs }).Dispose();
            }
        }

        Assert.DoesNotContain("prog", Shell.Run($"ip -d link show dev {network.Device}"), StringComparison.Ordinal);
        Assert.DoesNotContain("clsact", Shell.Run($"tc qdisc show dev {network.Device}"), StringComparison.Ordinal);
    }

    [Fact]
    public void Maps_are_read_whole_and_buffers_are_waited_for()
    {
        const int Entries = 10_000;
        using BpfMap map = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.Hash, Name = "many", KeySize = 4, ValueSize = 8, MaxEntries = Entries });
        BpfMap<int, long> view = map.As<int, long>();
        using var events = new EventProgram();
        using var ring = events.Ring.OpenRingBuffer();
        using (new SignalStorm())
        {
            for (int i = 0; i < Entries; i++) view[i] = i;
            int seen = 0;
            foreach (var _ in view) seen++;
            Assert.Equal(Entries, seen);
            Assert.False(ring.Wait(TimeSpan.FromMilliseconds(50)));
            events.Run(3);
            Assert.Equal(3, ring.Poll(TimeSpan.Zero, static _ => { }));
        }
    }
}
