using System;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Bpf.Loader.Buffers.Xsk;
using Bpf.Loader.Instructions;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Bpf.Loader.Links.Network;
using Xunit;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.KernelTests.Maps;

/// <summary>What is done with maps that packets are redirected by: C# fills them, and packets go where they say.</summary>
internal static class RedirectScenarios
{
    private const int MapLookup = 1, RedirectMap = 51;
    private const uint XdpPass = 2, XdpRedirect = 4;
    private const int UdpProtocol = 17, Loopback = 1;

    /// <summary>Packets that come in at one device go out of another, as long as the map names it.</summary>
    public static void Devices(BpfMapType type)
    {
        using BpfMap map = EntryScenarios.Make(type, 4, 4);
        using (TestProgram look = Looking(map, 3))
        {
            Assert.Equal(0u, look.Run());
            map.As<uint, uint>()[3] = Loopback;
            Assert.Equal((uint)Loopback, look.Run());
            Assert.Equal((uint)Loopback, map.As<uint, uint>()[3]);
            Assert.Throws<BpfException>(() => map.As<uint, uint>().Set(3, 0x7fffffff));
            map.As<uint, uint>().Remove(3);
        }

        using TestNetwork from = new(), to = new();
        using AttachedProgram redirect = Redirecting(map, 3), counter = new(BpfProgramType.Xdp, BpfAttachType.Xdp, code: CountUdp);
        using BpfLink link = XdpAttacher.Attach(redirect.Source, NetworkInterface.Find(from.Device), new XdpOptions());
        BpfLink? arrival = null;
        to.Inside(() => arrival = XdpAttacher.Attach(counter.Source, NetworkInterface.Find(to.Peer), new XdpOptions()));
        using (arrival)
        {
            from.ReceiveUntil(() => redirect[1] > 0);
            Assert.Equal(0, counter.Runs);
            map.As<uint, uint>()[3] = (uint)to.DeviceIndex;
            from.ReceiveUntil(() => counter.Runs >= 5);
            Assert.True(redirect[2] >= counter.Runs);

            map.As<uint, uint>().Remove(3);
            (long passed, long redirected) = (redirect[1], redirect[2]);
            from.ReceiveUntil(() => redirect[1] >= passed + 5);
            Assert.Equal(redirected, redirect[2]);
        }
    }

    /// <summary>Packets are received on the CPU that the map names.</summary>
    public static void Cpus()
    {
        const uint QueueSize = 192;
        const int SocketLevel = 1;
        int last = Environment.ProcessorCount - 1;
        using BpfMap map = EntryScenarios.Make(BpfMapType.CpuMap, 4, 4, entries: (uint)Environment.ProcessorCount);
        using TestNetwork network = new();
        using AttachedProgram redirect = Redirecting(map, last);
        using BpfLink link = XdpAttacher.Attach(redirect.Source, NetworkInterface.Find(network.Device), new XdpOptions());
        using Socket receiver = Open("203.0.113.1"), sender = network.Call(() => Open("203.0.113.2"));
        receiver.Connect(sender.LocalEndPoint!);
        network.Inside(() => sender.Connect(receiver.LocalEndPoint!));

        // What a CPU sends over such devices it also receives, unless it is told otherwise.
        Assert.Equal(0, ReceivedOn(0));
        map.As<uint, uint>()[(uint)last] = QueueSize;
        Assert.Equal(QueueSize, map.As<uint, uint>()[(uint)last]);
        Assert.Equal(last, ReceivedOn(0));
        Assert.True(redirect[2] >= 1);

        map.As<uint, uint>().Remove((uint)last);
        long redirected = redirect[2];
        Assert.Equal(0, ReceivedOn(0));
        Assert.Equal(redirected, redirect[2]);

        int ReceivedOn(int sendingCpu)
        {
            const int IncomingCpu = 49; // SO_INCOMING_CPU
            network.Inside(() =>
            {
                Cpu.StayOn(sendingCpu);
                sender.Send([1]);
            });
            byte[] buffer = new byte[4];
            Assert.Equal(1, receiver.Receive(buffer));
            receiver.GetRawSocketOption(SocketLevel, IncomingCpu, buffer);
            return BitConverter.ToInt32(buffer);
        }

        static Socket Open(string address)
        {
            // Checksums are left to the devices, which these have none for: a packet that becomes a frame of XDP would never get its own.
            const int NoChecksum = 11; // SO_NO_CHECK
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 30_000 };
            socket.SetRawSocketOption(SocketLevel, NoChecksum, BitConverter.GetBytes(1));
            socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
            return socket;
        }
    }

    /// <summary>Packets come out of a socket of AF_XDP.</summary>
    public static void ExpressSockets()
    {
        Requires.Function("xsk_bind", "AF_XDP sockets");
        using BpfMap map = EntryScenarios.Make(BpfMapType.XskMap, 4, 4);
        using TestNetwork network = new();
        using AttachedProgram redirect = Redirecting(map, 2);
        using BpfLink link = XdpAttacher.Attach(redirect.Source, NetworkInterface.Find(network.Device), new XdpOptions());
        using XskSocket socket = XskSocket.Open(network.Device, new XskOptions { CopyMode = XskCopyMode.Copy, RingSize = 64 });
        network.ReceiveUntil(() => redirect[1] > 0);
        Assert.False(socket.TryReceive(out _));
        socket.AddTo(map, 2);
        bool seen = false;
        network.ReceiveUntil(() =>
        {
            while (socket.TryReceive(out ReadOnlySpan<byte> packet)) seen |= IsUdp(packet);
            return seen;
        });
        Assert.True(redirect[2] > 0);

        Assert.True(map.AsDescriptorArray().Remove(2));
        long passed = redirect[1], redirected = redirect[2];
        network.ReceiveUntil(() => redirect[1] >= passed + 5);
        Assert.Equal(redirected, redirect[2]);

        static bool IsUdp(ReadOnlySpan<byte> packet) =>
            packet.Length > 42 && BinaryPrimitives.ReadUInt16BigEndian(packet[12..]) == 0x0800 && packet[23] == UdpProtocol;
    }

    // Counts how often the packet passes, as number 1, and how often it is redirected, as number 2.
    private static AttachedProgram Redirecting(BpfMap map, int index) => new(BpfProgramType.Xdp, BpfAttachType.Xdp, code: numbers => new BpfAssembler()
        .LoadMap(R1, map).Move(R2, index).Move(R3, (int)XdpPass).CallHelper(RedirectMap)
        .LoadMapValue(R7, numbers, 0).Move(R1, 1)
        .JumpIf(BpfCondition.Equal, R0, (int)XdpRedirect, "redirected")
        .Atomic(BpfAtomicOperation.Add, BpfAccessSize.DoubleWord, R7, 8, R1).Exit()
        .Label("redirected").Atomic(BpfAtomicOperation.Add, BpfAccessSize.DoubleWord, R7, 16, R1).Exit());

    // Others talk too (neighbours are looked for): only UDP counts.
    private static BpfAssembler CountUdp(BpfMap numbers) => new BpfAssembler()
        .Load(BpfAccessSize.Word, R2, R1, 0).Load(BpfAccessSize.Word, R3, R1, 4)
        .Move(R4, R2).Alu(BpfAluOperation.Add, R4, 34).JumpIf(BpfCondition.Greater, R4, R3, "out")
        .Load(BpfAccessSize.HalfWord, R4, R2, 12).JumpIf(BpfCondition.NotEqual, R4, BitConverter.IsLittleEndian ? 0x0008 : 0x0800, "out")
        .Load(BpfAccessSize.Byte, R4, R2, 23).JumpIf(BpfCondition.NotEqual, R4, UdpProtocol, "out")
        .LoadMapValue(R5, numbers, 0).Move(R1, 1).Atomic(BpfAtomicOperation.Add, BpfAccessSize.DoubleWord, R5, 0, R1)
        .Label("out").Return((int)XdpPass);

    // A device map's value begins with the number of the device.
    private static TestProgram Looking(BpfMap map, int index) => TestProgram.Load(
        new BpfAssembler()
            .Store(BpfAccessSize.Word, R10, -4, index)
            .LoadMap(R1, map).Move(R2, R10).Alu(BpfAluOperation.Add, R2, -4).CallHelper(MapLookup)
            .JumpIf(BpfCondition.Equal, R0, 0, "none")
            .Load(BpfAccessSize.Word, R0, R0, 0)
            .Label("none").Exit(),
        BpfProgramType.Xdp);
}
