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

    // What comes in at one device goes out of another, in the frame that it came in.
    [Fact]
    public void Packets_go_from_socket_to_socket_in_shared_memory()
    {
        Requires.Function("xsk_bind", "AF_XDP sockets");
        Requires.Function("xp_assign_dev_shared", "memory shared by AF_XDP sockets of several devices (Linux 5.10)");
        using TestNetwork from = new(), to = new();
        using BpfMap sockets = XskMap();
        using AttachedProgram redirect = Redirect(sockets);
        using var counter = new AttachedProgram(BpfProgramType.Xdp, BpfAttachType.Xdp, code: CountMarked);
        BpfLink? link = null;
        to.Inside(() => link = XdpAttacher.Attach(counter.Source, NetworkInterface.Find(to.Peer), new XdpOptions { Mode = XdpMode.Generic }));
        using (link)
        using (XdpAttacher.Attach(redirect.Source, NetworkInterface.Find(from.Device), new XdpOptions()))
        {
            XskSocket first = XskSocket.Open(from.Device, Copying with { Sockets = 2 });
            using XskSocket second = first.OpenShared(to.Device);
            first.AddTo(sockets, 0);
            Assert.Throws<InvalidOperationException>(() => first.TryForward(second));
            Assert.Throws<InvalidOperationException>(() => first.OpenShared(to.Device));
            Assert.False(first.IsZeroCopy || second.IsZeroCopy);

            // More than there are frames, so that each goes back and forth.
            int forwarded = 0;
            while (forwarded < 300)
            {
                from.Receive(20);
                Assert.True(first.Wait(TimeSpan.FromSeconds(30)), $"{forwarded} packets came");
                while (first.TryReceive(out ReadOnlySpan<byte> packet))
                {
                    if (packet.Length < Payload || BinaryPrimitives.ReadUInt16BigEndian(packet[12..]) != 0x0800 || packet[23] != UdpProtocol) continue;
                    BinaryPrimitives.WriteUInt16BigEndian(first.Received[12..], 0x88b5);
                    while (!first.TryForward(second)) second.Flush();
                    forwarded++;
                }

                second.Flush();
            }

            for (int i = 0; counter.Runs < forwarded; i++)
            {
                Assert.True(i < 5000, $"{counter.Runs} of {forwarded} packets came");
                System.Threading.Thread.Sleep(1);
            }

            Assert.Equal(0ul, second.GetStatistics().SendInvalid);

            // The memory is there as long as one of them is.
            first.Dispose();
            Assert.True(second.TrySend(new byte[60]));
            second.Flush();
            Assert.Throws<ObjectDisposedException>(() => second.TryForward(first));
        }
    }

    [Fact]
    public void What_cannot_be_shared_is_named()
    {
        Requires.Function("xsk_bind", "AF_XDP sockets");
        using TestNetwork network = new(), other = new();
        using XskSocket socket = XskSocket.Open(network.Device, Copying with { Sockets = 2 });
        Assert.Contains("no such device", Assert.Throws<BpfException>(() => socket.OpenShared("none-such")).Message, StringComparison.Ordinal);
        Assert.Contains("same memory", Assert.Throws<BpfException>(() => socket.OpenShared(network.Device)).Message, StringComparison.Ordinal);
        using XskSocket alone = XskSocket.Open(other.Device, Copying);
        Assert.Throws<InvalidOperationException>(() => alone.OpenShared(network.Device));
        Assert.Throws<ArgumentException>(() => socket.TryForward(alone));
        Assert.Throws<ArgumentOutOfRangeException>(() => XskSocket.Open(network.Device, Copying with { Sockets = 0 }));
    }

    // The driver of veth copies.
    [Fact]
    public void A_driver_that_copies_is_named()
    {
        Requires.Function("xsk_bind", "AF_XDP sockets");
        using var network = new TestNetwork();
        var error = Assert.Throws<BpfException>(() => XskSocket.Open(network.Device, Copying with { CopyMode = XskCopyMode.ZeroCopy }));
        Assert.Equal(("bind", Errno.EOPNOTSUPP), (error.Operation, error.Errno));
        Assert.Contains("cannot do without copies", error.Message, StringComparison.Ordinal);
        using XskSocket socket = XskSocket.Open(network.Device, Copying with { CopyMode = XskCopyMode.Default });
        Assert.False(socket.IsZeroCopy);
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
