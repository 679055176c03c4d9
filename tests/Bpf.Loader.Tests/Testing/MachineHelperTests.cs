using System.Net;
using System.Net.NetworkInformation;
using Bpf.Loader.Instructions;
using Bpf.Loader.Testing;
using Bpf.Loader.Testing.Execution;
using Xunit;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.Tests.Testing;

/// <summary>Helpers whose world a test supplies.</summary>
public sealed class MachineHelperTests
{
    private const int FibLookup = 69, TcpSock = 96;

    private readonly BpfMachine _machine = new();

    [Fact]
    public void Routes_are_those_of_the_test()
    {
        (IPAddress Destination, uint Interface) asked = default;
        BpfRoute? route = new(7) { Gateway = IPAddress.Parse("10.0.0.254"), NextHop = PhysicalAddress.Parse("0200000000AA"), Mtu = 1400 };
        _machine.FindRoute = (_, destination, device) =>
        {
            asked = (destination, device);
            return route;
        };
        // The result, the device, the destination as it is then, the last byte of the next hop, and the MTU.
        Assert.Equal((0u, 7u, 0xfe00000au, 0xaau, 1400u), Look(totalLength: 100));
        Assert.Equal((IPAddress.Parse("192.0.2.1"), 1u), asked);
        Assert.Equal(8u, Look(totalLength: 1401).Result);
        Assert.Equal(unchecked((uint)-22), Look(100, size: 63).Result);
        Assert.Equal(unchecked((uint)-97), Look(100, family: 1).Result);
        route = route with { NextHop = null };
        Assert.Equal(7u, Look(100).Result);
        route = null;
        Assert.Equal(4u, Look(100).Result);
        _machine.FindRoute = null;
        Assert.Contains("machine.FindRoute", Assert.Throws<BpfMachineFault>(() => Look(100)).Message, System.StringComparison.Ordinal);
    }

    [Fact]
    public void A_tcp_socket_shows_what_tcp_keeps()
    {
        var socket = new SocketObject { Tcp = new TcpSocketObject { ["snd_cwnd"] = 10, ["total_retrans"] = 3 } };
        var context = new SkBuffContext(new byte[64]) { Socket = socket };
        // r0 = bpf_tcp_sock(skb->sk)->total_retrans
        BpfAssembler code = new BpfAssembler().Load(BpfAccessSize.DoubleWord, R1, R1, 168).CallHelper(TcpSock).JumpIf(BpfCondition.Equal, R0, 0, "out").Load(BpfAccessSize.Word, R0, R0, 52).Label("out").Exit();
        Assert.Equal(3ul, Run(code, context));
        socket.Tcp = null;
        Assert.Equal(0ul, Run(code, context));
    }

    private (uint Result, uint Interface, uint Destination, uint NextHop, uint Mtu) Look(short totalLength, int size = 64, int family = 2)
    {
        // The struct is built on the stack and, after the call, copied to the context for the test to see.
        var code = new BpfAssembler().Move(R6, R1);
        for (short at = -64; at < 0; at += 8) code.Store(BpfAccessSize.DoubleWord, R10, at, 0);
        code.Store(BpfAccessSize.Byte, R10, -64, family).Store(BpfAccessSize.HalfWord, R10, -58, totalLength).Store(BpfAccessSize.Word, R10, -56, 1).Store(BpfAccessSize.Word, R10, -32, 0x010200c0)
            .Move(R2, R10).Alu(BpfAluOperation.Add, R2, -64).Move(R3, size).Move(R4, 0).CallHelper(FibLookup);
        foreach ((short from, short to, BpfAccessSize width) in ((short, short, BpfAccessSize)[])[(-56, 0, BpfAccessSize.Word), (-32, 4, BpfAccessSize.Word), (-1, 8, BpfAccessSize.Byte), (-58, 12, BpfAccessSize.HalfWord)])
            code.Load(width, R1, R10, from).Store(BpfAccessSize.Word, R6, to, R1);
        var context = new BytesContext(new byte[16]);
        uint result = (uint)Run(code.Exit(), context);
        return (result, System.BitConverter.ToUInt32(context.Bytes), System.BitConverter.ToUInt32(context.Bytes[4..]), System.BitConverter.ToUInt32(context.Bytes[8..]), System.BitConverter.ToUInt32(context.Bytes[12..]));
    }

    private ulong Run(BpfAssembler code, BpfContext context)
    {
        context.Enter(_machine);
        return _machine.Executor.Run(new MachineCode("program", code.ToArray(), null, _machine.Memory), context, out _);
    }
}
