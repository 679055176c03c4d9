using System;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Bpf.Loader.Instructions;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Bpf.Loader.Maps;
using Xunit;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.KernelTests.Maps;

/// <summary>What is done with maps of sockets: C# and programs put them in, and find them.</summary>
internal static class NetworkScenarios
{
    private const int MapLookup = 1, SelectReusePort = 82, ReleaseSocket = 86, SocketStorageGet = 107;
    private const int SockMapUpdate = 53, MsgRedirectMap = 60, SockHashUpdate = 70, MsgRedirectHash = 71;
    private const int ActiveEstablished = 4, PassiveEstablished = 5; // BPF_SOCK_OPS_…_ESTABLISHED_CB
    private const int ClientKey = 1, ServerKey = 2;

    /// <summary>Sockets are put in by C# and by a program, found by a program and by C#, and what is sent is redirected to one.</summary>
    public static void Sockets(BpfMapType type)
    {
        using BpfMap map = EntryScenarios.Make(type, 4, 8);
        using TestProgram find = FindingSocket(map, code => code.Move(R7, 1));
        Assert.Equal(0u, find.Run());
        using (Connection connection = new())
        {
            Put(map, connection.Client);
            Assert.Equal(1u, find.Run());
            Assert.Equal(Cookie(connection.Client), map.As<uint, ulong>()[ClientKey]);
            Assert.True(Remove(ClientKey));
            Assert.Equal(0u, find.Run());
        }

        // The other way: what connects is put in by a program, and what the client sends comes back to it.
        using var cgroup = new TestCgroup();
        using AttachedProgram put = PuttingSockets(map), echo = Echoing(map);
        using BpfLink echoLink = SockMapAttacher.Attach(echo.Source, map);
        using BpfLink putLink = CgroupAttacher.Attach(put.Source, cgroup.Path, new CgroupOptions());
        using Connection other = new();
        Assert.Equal(1u, find.Run());
        Assert.Equal(Cookie(other.Client), map.As<uint, ulong>()[ClientKey]);
        Assert.Equal(Cookie(other.Server), map.As<uint, ulong>()[ServerKey]);
        byte[] buffer = new byte[16];
        other.Client.ReceiveTimeout = other.Server.ReceiveTimeout = 30_000;
        Assert.Equal(5, other.Client.Send("again"u8));
        Assert.Equal(5, other.Client.Receive(buffer));
        Assert.Equal("again"u8, buffer.AsSpan(0, 5));
        Assert.Equal(0, other.Server.Available);
        Assert.True(Remove(ClientKey));
        Assert.Equal(7, other.Client.Send("forward"u8));
        Assert.Equal(7, other.Server.Receive(buffer));
        Assert.Equal("forward"u8, buffer.AsSpan(0, 7));

        bool Remove(uint key) => type == BpfMapType.SockMap ? map.AsDescriptorArray().Remove(key) : map.AsSocketHash<uint>().Remove(key);
    }

    public static void SocketStorage()
    {
        using BpfMap sockets = EntryScenarios.Make(BpfMapType.SockMap, 4, 8);
        using BpfMap map = EntryScenarios.Make(BpfMapType.SkStorage, 4, 8, BpfMapFlags.NoPrealloc, 0);
        using Connection connection = new();
        Put(sockets, connection.Client);
        BpfStorageMap<long> storage = map.AsStorage<long>();
        storage.Set(connection.Client.SafeHandle, 41);

        // Adds one to what the socket has.
        using TestProgram program = FindingSocket(sockets, code => code
            .LoadMap(R1, map).Move(R2, R6).Move(R3, 0).Move(R4, 0).CallHelper(SocketStorageGet)
            .JumpIf(BpfCondition.Equal, R0, 0, "release")
            .Move(R1, 1).Atomic(BpfAtomicOperation.Add, BpfAccessSize.DoubleWord, R0, 0, R1).Move(R7, 1));
        Assert.Equal(1u, program.Run());
        Assert.True(storage.TryGet(connection.Client.SafeHandle, out long value));
        Assert.Equal(42, value);
        Assert.False(storage.TryGet(connection.Server.SafeHandle, out _));
    }

    public static void ReusePort()
    {
        const int Pass = 1, Drop = 0;
        using BpfMap map = EntryScenarios.Make(BpfMapType.ReusePortSockArray, 4, 8);
        using Socket first = Open(0), second = Open(((IPEndPoint)first.LocalEndPoint!).Port);
        using TestProgram loaded = TestProgram.Load(
            new BpfAssembler()
                .Store(BpfAccessSize.Word, R10, -4, 5)
                .LoadMap(R2, map).Move(R3, R10).Alu(BpfAluOperation.Add, R3, -4).Move(R4, 0).CallHelper(SelectReusePort)
                .JumpIf(BpfCondition.NotEqual, R0, 0, "none").Return(Pass)
                .Label("none").Return(Drop),
            BpfProgramType.SkReusePort);
        using BpfProgram program = BpfProgram.OpenById(loaded.Id);
        using BpfLink link = program.AttachReusePort(first);

        // The program sends everything to the socket at 5, and drops it when there is none.
        foreach (Socket chosen in (Socket[])[second, first])
        {
            map.AsDescriptorArray().Set(5, chosen.SafeHandle);
            Assert.NotEqual(0ul, map.As<uint, ulong>()[5]);
            string text = $"to {(chosen == first ? "first" : "second")}";
            Send(text, ((IPEndPoint)first.LocalEndPoint!).Port);
            byte[] buffer = new byte[64];
            Assert.Equal(text, Encoding.ASCII.GetString(buffer, 0, chosen.Receive(buffer)));
            Assert.Equal(0, first.Available + second.Available);
        }

        Assert.True(map.AsDescriptorArray().Remove(5));
        Send("to nobody", ((IPEndPoint)first.LocalEndPoint!).Port);
        Assert.Equal(0, first.Available + second.Available);

        static Socket Open(int port)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            const int SocketLevel = 1, ReusePortOption = 15;
            socket.SetRawSocketOption(SocketLevel, ReusePortOption, BitConverter.GetBytes(1));
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return socket;
        }

        static void Send(string text, int port)
        {
            using var sender = new UdpClient();
            sender.Send(Encoding.ASCII.GetBytes(text), new IPEndPoint(IPAddress.Loopback, port));
        }
    }

    /// <summary>A program that does something with the socket at 1, in register 6, and returns register 7; 0 when there is none.</summary>
    private static TestProgram FindingSocket(BpfMap map, Func<BpfAssembler, BpfAssembler> use) => TestProgram.Load(
        use(new BpfAssembler()
            .Move(R7, 0).Store(BpfAccessSize.Word, R10, -4, 1)
            .LoadMap(R1, map).Move(R2, R10).Alu(BpfAluOperation.Add, R2, -4).CallHelper(MapLookup)
            .JumpIf(BpfCondition.Equal, R0, 0, "none").Move(R6, R0))
            .Label("release").Move(R1, R6).CallHelper(ReleaseSocket)
            .Label("none").Move(R0, R7).Exit(),
        BpfProgramType.SchedCls);

    /// <summary>Puts into the map both ends of the first connection.</summary>
    private static AttachedProgram PuttingSockets(BpfMap map) => new(BpfProgramType.SockOps, BpfAttachType.CgroupSockOps, code: _ => new BpfAssembler()
        .Move(R6, R1).Load(BpfAccessSize.Word, R2, R1, 0)
        .JumpIf(BpfCondition.Equal, R2, ActiveEstablished, "client").JumpIf(BpfCondition.Equal, R2, PassiveEstablished, "server").Return(1)
        .Label("client").Store(BpfAccessSize.Word, R10, -4, ClientKey).Goto("put")
        .Label("server").Store(BpfAccessSize.Word, R10, -4, ServerKey)
        .Label("put").Move(R1, R6).LoadMap(R2, map).Move(R3, R10).Alu(BpfAluOperation.Add, R3, -4).Move(R4, (int)BpfElementFlags.NoExist)
        .CallHelper(map.Type == BpfMapType.SockMap ? SockMapUpdate : SockHashUpdate).Return(1));

    /// <summary>Gives what is sent by a socket of the map to the client, as if it had been received.</summary>
    private static AttachedProgram Echoing(BpfMap map)
    {
        const int Ingress = 1;
        BpfAssembler begin = new BpfAssembler().LoadMap(R2, map).Move(R4, Ingress);
        return new AttachedProgram(BpfProgramType.SkMsg, BpfAttachType.SkMsgVerdict, code: _ => map.Type == BpfMapType.SockMap
            ? begin.Move(R3, ClientKey).CallHelper(MsgRedirectMap).Exit()
            : begin.Store(BpfAccessSize.Word, R10, -4, ClientKey).Move(R3, R10).Alu(BpfAluOperation.Add, R3, -4).CallHelper(MsgRedirectHash).Exit());
    }

    private static ulong Cookie(Socket socket)
    {
        const int SocketLevel = 1, CookieOption = 57;
        byte[] cookie = new byte[8];
        socket.GetRawSocketOption(SocketLevel, CookieOption, cookie);
        return BitConverter.ToUInt64(cookie);
    }

    private static void Put(BpfMap map, Socket socket)
    {
        if (map.Type == BpfMapType.SockMap)
            map.AsDescriptorArray().Set(1, socket.SafeHandle);
        else
            map.AsSocketHash<uint>().Set(1, socket.SafeHandle);
    }

    /// <summary>Two sockets that are connected.</summary>
    private sealed class Connection : IDisposable
    {
        public Connection()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            Client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            Client.Connect(listener.LocalEndpoint);
            Server = listener.AcceptSocket();
        }

        public Socket Client { get; }

        public Socket Server { get; }

        public void Dispose()
        {
            Client.Dispose();
            Server.Dispose();
        }
    }
}
