using System;
using System.Buffers.Binary;
using Bpf.Loader.Buffers.Xsk;
using Bpf.Loader.Instructions;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Bpf.Loader.Links.Network;
using Bpf.Loader.Maps;
using Xunit;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.KernelTests.Buffers;

public sealed class XskSocketTests : KernelTest
{
    private const int RedirectMap = 51, XdpPass = 2;
    private const int UdpProtocol = 17, Payload = 14 + 20 + 8, DiscardPort = 9;

    private static readonly XskOptions Copying = new() { CopyMode = XskCopyMode.Copy, RingSize = 64 };

    [Fact]
    public void Packets_that_come_in_are_received()
    {
        Requires.Function("xsk_bind", "AF_XDP sockets");
        using var network = new TestNetwork();
        using BpfMap sockets = XskMap();
        using var redirect = Redirect(sockets);
        using BpfLink link = XdpAttacher.Attach(redirect.Source, NetworkInterface.Find(network.Device), new XdpOptions());
        using XskSocket socket = XskSocket.Open(network.Device, Copying);
        Assert.False(socket.TryReceive(out _));
        Assert.False(socket.Wait(TimeSpan.Zero));
        socket.AddTo(sockets, 0);

        // More than there are frames, so that each is used again.
        int received = 0;
        while (received < 200)
        {
            network.Receive(20);
            Assert.True(socket.Wait(TimeSpan.FromSeconds(30)), $"{received} packets came");
            while (socket.TryReceive(out ReadOnlySpan<byte> packet))
            {
                // Others talk too (neighbours are looked for).
                if (packet.Length < Payload || BinaryPrimitives.ReadUInt16BigEndian(packet[12..]) != 0x0800 || packet[23] != UdpProtocol) continue;
                Assert.Equal([203, 0, 113, 1], packet.Slice(30, 4).ToArray());
                Assert.Equal(DiscardPort, BinaryPrimitives.ReadUInt16BigEndian(packet[36..]));
                Assert.Equal(new byte[20], packet[Payload..].ToArray());
                received++;
            }
        }

        XskStatistics statistics = socket.GetStatistics();
        Assert.Equal((0ul, 0ul), (statistics.ReceiveInvalid, statistics.SendInvalid));
    }

    [Fact]
    public void Packets_that_are_sent_come_out_at_the_other_end()
    {
        Requires.Function("xsk_bind", "AF_XDP sockets");
        using var network = new TestNetwork();
        using var counter = new AttachedProgram(BpfProgramType.Xdp, BpfAttachType.Xdp, code: CountMarked);
        BpfLink? link = null;
        network.Inside(() => link = XdpAttacher.Attach(counter.Source, NetworkInterface.Find(network.Peer), new XdpOptions { Mode = XdpMode.Generic }));
        using (link)
        using (XskSocket socket = XskSocket.Open(network.Device, Copying))
        {
            byte[] packet = new byte[60];
            packet.AsSpan(0, 6).Fill(0xff);
            (packet[12], packet[13]) = (0x88, 0xb5); // an Ethernet type for experiments
            for (int sent = 0; sent < 200; sent++)
            {
                while (!socket.TrySend(packet)) socket.Flush();
            }

            socket.Flush();
            for (int i = 0; counter.Runs < 200; i++)
            {
                Assert.True(i < 5000, $"{counter.Runs} of 200 packets came");
                System.Threading.Thread.Sleep(1);
            }

            Assert.Throws<ArgumentException>(() => socket.TrySend(new byte[socket.MaximumPacket + 1]));
            Assert.Throws<ArgumentException>(() => socket.TrySend([]));
        }
    }

    [Fact]
    public void What_waits_to_be_sent_has_an_end()
    {
        Requires.Function("xsk_bind", "AF_XDP sockets");
        using var network = new TestNetwork();
        using XskSocket socket = XskSocket.Open(network.Device, Copying with { FrameSize = 2048 });
        int taken = 0;
        while (socket.TrySend(new byte[60])) taken++;
        Assert.Equal(64, taken);
        socket.Flush();
        Assert.True(socket.TrySend(new byte[60]));
    }

    [Fact]
    public void What_cannot_be_bound_is_named()
    {
        Requires.Function("xsk_bind", "AF_XDP sockets");
        using var network = new TestNetwork();
        var error = Assert.Throws<BpfException>(() => XskSocket.Open("none-such"));
        Assert.Contains("no such device", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<BpfException>(() => XskSocket.Open(network.Device, Copying with { Queue = 1000 }));
        Assert.Contains("no such queue", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => XskSocket.Open(network.Device, Copying with { RingSize = 100 }));
        Assert.Throws<ArgumentException>(() => XskSocket.Open(network.Device, Copying with { FrameSize = 100 }));

        using XskSocket socket = XskSocket.Open(network.Device, Copying);
        error = Assert.Throws<BpfException>(() => XskSocket.Open(network.Device, Copying));
        Assert.Contains("Another socket", error.Message, StringComparison.Ordinal);
        using BpfMap wrong = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.SockMap, Name = "wrong", KeySize = 4, ValueSize = 4, MaxEntries = 1 });
        Assert.Throws<BpfException>(() => socket.AddTo(wrong, 0));
        socket.Dispose();
        Assert.Throws<ObjectDisposedException>(() => socket.TryReceive(out _));
        Assert.Throws<ObjectDisposedException>(() => socket.TrySend(new byte[60]));
        OpenSoon(network.Device).Dispose();
    }

    // The queue is free a moment after its socket was closed.
    private static XskSocket OpenSoon(string device)
    {
        for (int i = 0; ; i++)
        {
            try
            {
                return XskSocket.Open(device, Copying);
            }
            catch (BpfException e) when (e.Errno == Errno.EBUSY && i < 5000)
            {
                System.Threading.Thread.Sleep(1);
            }
        }
    }

    private static BpfMap XskMap() => BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.XskMap, Name = "sockets", KeySize = 4, ValueSize = 4, MaxEntries = 4 });

    // return bpf_redirect_map(&sockets, ctx->rx_queue_index, XDP_PASS);
    private static AttachedProgram Redirect(BpfMap sockets) => new(BpfProgramType.Xdp, BpfAttachType.Xdp, code: _ => new BpfAssembler()
        .Load(BpfAccessSize.Word, R2, R1, 16).LoadMap(R1, sockets).Move(R3, XdpPass).CallHelper(RedirectMap).Exit());

    // Counts packets of the type for experiments.
    private static BpfAssembler CountMarked(BpfMap numbers) => new BpfAssembler()
        .Load(BpfAccessSize.Word, R2, R1, 0).Load(BpfAccessSize.Word, R3, R1, 4)
        .Move(R4, R2).Alu(BpfAluOperation.Add, R4, 14).JumpIf(BpfCondition.Greater, R4, R3, "out")
        .Load(BpfAccessSize.HalfWord, R4, R2, 12).JumpIf(BpfCondition.NotEqual, R4, 0xb588, "out")
        .LoadMapValue(R5, numbers, 0).Move(R1, 1).Atomic(BpfAtomicOperation.Add, BpfAccessSize.DoubleWord, R5, 0, R1)
        .Label("out").Return(XdpPass);
}
