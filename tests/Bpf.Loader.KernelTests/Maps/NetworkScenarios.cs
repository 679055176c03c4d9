using System;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Bpf.Loader.Instructions;
using Bpf.Loader.Interop;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Maps;
using Xunit;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.KernelTests.Maps;

/// <summary>What is done with maps of devices, processors and sockets: C# puts them in, programs redirect to them and find them.</summary>
internal static partial class NetworkScenarios
{
    private const int MapLookup = 1, RedirectMap = 51, SelectReusePort = 82, ReleaseSocket = 86, SocketStorageGet = 107;
    private const uint XdpPass = 2, XdpRedirect = 4;
    private const int Loopback = 1;

    public static void Devices(BpfMapType type)
    {
        using BpfMap map = EntryScenarios.Make(type, 4, 4);
        using TestProgram redirect = Redirecting(map, 3), look = Looking(map, 3);
        Assert.Equal(XdpPass, redirect.Run());
        Assert.Equal(0u, look.Run());
        map.As<uint, uint>()[3] = Loopback;
        Assert.Equal(XdpRedirect, redirect.Run());
        Assert.Equal((uint)Loopback, look.Run());
        Assert.Equal((uint)Loopback, map.As<uint, uint>()[3]);
        map.As<uint, uint>().Remove(3);
        Assert.Equal(XdpPass, redirect.Run());
        Assert.Throws<BpfException>(() => map.As<uint, uint>().Set(3, 0x7fffffff));
    }

    public static void Cpus()
    {
        const uint QueueSize = 192;
        using BpfMap map = EntryScenarios.Make(BpfMapType.CpuMap, 4, 4, entries: 1);
        using TestProgram redirect = Redirecting(map, 0);
        Assert.Equal(XdpPass, redirect.Run());
        map.As<uint, uint>()[0] = QueueSize;
        Assert.Equal(XdpRedirect, redirect.Run());
        Assert.Equal(QueueSize, map.As<uint, uint>()[0]);
        map.As<uint, uint>().Remove(0);
        Assert.Equal(XdpPass, redirect.Run());
    }

    public static void ExpressSockets()
    {
        const int ExpressFamily = 44, Raw = 3;
        using BpfMap map = EntryScenarios.Make(BpfMapType.XskMap, 4, 4);
        using TestProgram redirect = Redirecting(map, 2);
        using FileDescriptorHandle? socket = FileDescriptorHandle.FromResult(OpenSocket(ExpressFamily, Raw, 0), out Errno errno);
        Assert.SkipWhen(socket is null && errno == Errno.EAFNOSUPPORT, "The kernel was built without AF_XDP.");
        Assert.NotNull(socket);
        Assert.Equal(XdpPass, redirect.Run());
        map.AsDescriptorArray().Set(2, socket);
        Assert.Equal(XdpRedirect, redirect.Run());
        Assert.True(map.AsDescriptorArray().Remove(2));
        Assert.Equal(XdpPass, redirect.Run());
    }

    public static void Sockets(BpfMapType type)
    {
        using BpfMap map = EntryScenarios.Make(type, 4, 8);
        using TestProgram program = FindingSocket(map, code => code.Move(R7, 1));
        Assert.Equal(0u, program.Run());
        using Connection connection = new();
        Put(map, connection.Client);
        Assert.Equal(1u, program.Run());
        Assert.NotEqual(0ul, map.As<uint, ulong>()[1]);
        Assert.True(type == BpfMapType.SockMap ? map.AsDescriptorArray().Remove(1) : map.AsSocketHash<uint>().Remove(1));
        Assert.Equal(0u, program.Run());
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

    private static TestProgram Redirecting(BpfMap map, int index) => TestProgram.Load(
        new BpfAssembler().LoadMap(R1, map).Move(R2, index).Move(R3, (int)XdpPass).CallHelper(RedirectMap).Exit(), BpfProgramType.Xdp);

    // A device map's value begins with the number of the device.
    private static TestProgram Looking(BpfMap map, int index) => TestProgram.Load(
        new BpfAssembler()
            .Store(BpfAccessSize.Word, R10, -4, index)
            .LoadMap(R1, map).Move(R2, R10).Alu(BpfAluOperation.Add, R2, -4).CallHelper(MapLookup)
            .JumpIf(BpfCondition.Equal, R0, 0, "none")
            .Load(BpfAccessSize.Word, R0, R0, 0)
            .Label("none").Exit(),
        BpfProgramType.Xdp);

    /// <summary>A program that does something with the socket at 1, in register 6, and returns register 7; 0 when there is none.</summary>
    private static TestProgram FindingSocket(BpfMap map, Func<BpfAssembler, BpfAssembler> use) => TestProgram.Load(
        use(new BpfAssembler()
            .Move(R7, 0).Store(BpfAccessSize.Word, R10, -4, 1)
            .LoadMap(R1, map).Move(R2, R10).Alu(BpfAluOperation.Add, R2, -4).CallHelper(MapLookup)
            .JumpIf(BpfCondition.Equal, R0, 0, "none").Move(R6, R0))
            .Label("release").Move(R1, R6).CallHelper(ReleaseSocket)
            .Label("none").Move(R0, R7).Exit(),
        BpfProgramType.SchedCls);

    private static void Put(BpfMap map, Socket socket)
    {
        if (map.Type == BpfMapType.SockMap)
            map.AsDescriptorArray().Set(1, socket.SafeHandle);
        else
            map.AsSocketHash<uint>().Set(1, socket.SafeHandle);
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int OpenSocket(int family, int type, int protocol);

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
