using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Bpf.Loader.Classic;
using Bpf.Loader.Instructions;
using Bpf.Loader.Interop;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Bpf.Loader.Testing;
using Bpf.Loader.Tests.Classic;
using Xunit;

namespace Bpf.Loader.KernelTests.Classic;

/// <summary>Filters of classic BPF on real sockets.</summary>
[AnyKernel]
public sealed class ClassicFilterTests : KernelTest
{
    // The filter of a UDP socket sees the UDP header of 8 bytes first.
    private static readonly ClassicFilter KeepsFourBytesOfWhatBeginsWithK = ClassicFilter.Parse("ldb [8]\njne #107, drop\nret #12\ndrop: ret #0");

    private readonly Socket _receiver, _sender;

    public ClassicFilterTests()
    {
        _receiver = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        _receiver.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _receiver.Blocking = false;
        _sender = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        _sender.Connect(_receiver.LocalEndPoint!);
    }

    protected override void Dispose(bool disposing)
    {
        _receiver.Dispose();
        _sender.Dispose();
        base.Dispose(disposing);
    }

    [Fact]
    public void A_filter_drops_and_cuts_datagrams()
    {
        using (KeepsFourBytesOfWhatBeginsWithK.AttachSocket(_receiver))
        {
            Assert.Null(SendAndReceive("drop this"));
            Assert.Equal("keep", SendAndReceive("keep this"));
            Assert.Equal(KeepsFourBytesOfWhatBeginsWithK.Instructions.ToArray(), ClassicFilterAttacher.GetSocketFilter(_receiver)?.Instructions.ToArray());
        }

        Assert.Equal("drop this", SendAndReceive("drop this"));
        Assert.Null(ClassicFilterAttacher.GetSocketFilter(_receiver));
    }

    [Fact]
    public void A_locked_filter_stays()
    {
        using BpfLink link = KeepsFourBytesOfWhatBeginsWithK.AttachSocket(_receiver);
        ClassicFilterAttacher.LockFilter(_receiver);
        var refused = Assert.Throws<BpfAttachException>(() => ClassicFilter.Parse("ret #0").AttachSocket(_receiver, replace: true));
        Assert.Equal((BpfDiagnosticId.AttachNotPermitted, Errno.EPERM), (refused.Id, refused.Errno));
        Assert.Contains("locked", refused.Message, StringComparison.Ordinal);
        Assert.Equal(Errno.EPERM, Assert.Throws<BpfException>(link.Detach).Errno);
        Assert.Null(SendAndReceive("drop this"));
    }

    [Fact]
    public void What_the_kernel_would_not_take_is_told_with_its_instruction()
    {
        var refused = Assert.Throws<BpfAttachException>(() => ClassicFilter.Parse("ldh [12]\nld M[2]\nret a").AttachSocket(_receiver));
        Assert.Contains("Instruction 1: M[2] was not written", refused.Message, StringComparison.Ordinal);
        Assert.Null(ClassicFilterAttacher.GetSocketFilter(_receiver));
    }

    [Fact]
    public void A_socket_with_a_program_does_not_tell_of_it()
    {
        using TestProgram program = TestProgram.Load(new BpfAssembler().Move(BpfRegister.R0, 100).Exit());
        Assert.Equal(Errno.None, SocketOption.Set(_receiver.SafeHandle, 50, program.Handle));
        Assert.Equal(Errno.EACCES, Assert.Throws<BpfException>(() => ClassicFilterAttacher.GetSocketFilter(_receiver)).Errno);
    }

    [Fact]
    public void Of_sockets_that_share_a_port_a_filter_chooses()
    {
        Socket[] sockets = [.. Enumerable.Range(0, 2).Select(static _ => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp))];
        try
        {
            int port = 0;
            foreach (Socket socket in sockets)
            {
                socket.SetRawSocketOption(1, 15, BitConverter.GetBytes(1)); // SOL_SOCKET, SO_REUSEPORT
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                port = ((IPEndPoint)socket.LocalEndPoint!).Port;
            }

            // The payload's first byte is the index; here the filter sees what follows the UDP header.
            using BpfLink link = ClassicFilter.Parse("ldb [0]\nret a").AttachReusePort(sockets[0]);
            foreach (int index in (int[])[1, 0, 1])
            {
                _sender.SendTo([(byte)index], new IPEndPoint(IPAddress.Loopback, port));
                Assert.Equal([index == 0 ? 1 : 0, index == 1 ? 1 : 0], sockets.Select(static socket => socket.Available));
                sockets[index].Receive(new byte[8]);
            }

            Assert.Contains("SO_REUSEPORT", Assert.Throws<BpfAttachException>(() => ClassicFilter.Parse("ret #0").AttachReusePort(_receiver)).Message, StringComparison.Ordinal);
        }
        finally
        {
            foreach (Socket socket in sockets) socket.Dispose();
        }
    }

    [Fact]
    public void The_kernel_takes_what_the_check_takes_and_nothing_else()
    {
        int taken = 0;
        for (int seed = 0; seed < 20_000; seed++)
        {
            ClassicFilter filter = FilterGenerator.MakeAny(seed);
            Errno errno = SocketOption.SetFilter(_receiver.SafeHandle, 26, MemoryMarshal.AsBytes(filter.Instructions.Span)); // SO_ATTACH_FILTER
            ClassicRefusal? mine = filter.Check();
            Assert.True(errno == Errno.None == mine is null, $"seed {seed}: the kernel says {errno}, the check '{mine}' of\n{filter}");
            if (mine is null) taken++;
        }

        Assert.InRange(taken, 1000, 19_000);
    }

    [Fact]
    public void The_kernel_and_the_machine_compute_the_same()
    {
        // Between Unix sockets a filter sees what was sent and nothing else, and its verdict is there at once.
        string path = Path.Combine(Path.GetTempPath(), $"bpf-classic-{Environment.ProcessId}");
        using var sender = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        using var receiver = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
        receiver.Bind(new UnixDomainSocketEndPoint(path));
        try
        {
            sender.Connect(new UnixDomainSocketEndPoint(path));
            var machine = new BpfMachine();
            int computed = 0;
            for (int seed = 0; seed < 400; seed++)
            {
                byte[] packet = new byte[100];
                new Random(seed).NextBytes(packet);
                List<ClassicInstruction> body = FilterGenerator.MakeBody(seed, packet.Length);
                for (int shift = 0; shift < 32; shift += 6)
                {
                    // How much is kept tells six bits of A: (A >> shift & 63) + 1.
                    var filter = new ClassicFilter([.. body, new(0x74, 0, 0, (uint)shift), new(0x54, 0, 0, 63), new(0x04, 0, 0, 1), new(0x16, 0, 0, 0)]);
                    using BpfLink link = filter.AttachSocket(receiver);
                    sender.Send(packet);
                    int kept = Receive(receiver) is { } received ? received.Length : 0;
                    Assert.True(kept == machine.Load(filter).Run(packet), $"seed {seed}, shift {shift}: the kernel keeps {kept}, the machine {machine.Load(filter).Run(packet)} of\n{filter}");
                    if (kept > 0) computed++;
                }
            }

            Assert.True(computed > 800, $"only {computed} filters came to their end");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("poff", 42)]
    [InlineData("ifidx", 1)]
    [InlineData("len", 142 % 100)]
    [InlineData("proto", 0x800 % 100)]
    [InlineData("type", 0)]
    public void Extensions_give_what_the_machine_gives(string extension, uint expected)
    {
        // A packet socket sees the frame of loopback, which begins with an Ethernet header; of the two sights of it, that of the receiver is of type 0.
        using var packets = new Socket(AddressFamily.Packet, SocketType.Raw, (ProtocolType)0x0300); // ETH_P_ALL in network order
        packets.Blocking = false;
        int port = ((IPEndPoint)_receiver.LocalEndPoint!).Port;
        string select = $"ldh [12]\njne #0x800, drop\nldb [23]\njne #17, drop\nldh [36]\njne #{port}, drop\nld type\njne #0, drop\n";
        ClassicFilter filter = ClassicFilter.Parse(select + $"ld {extension}\nmod #100\nadd #1\nret a\ndrop: ret #0");
        using BpfLink link = filter.AttachSocket(packets);
        while (Receive(packets) is not null)
        {
            // What came before the filter.
        }

        byte[] payload = new byte[1000];
        _sender.Send(payload.AsSpan(0, 100));
        Assert.Equal((int)expected + 1, Receive(packets)?.Length);
        Packet packet = Packet.Ethernet("00:00:00:00:00:00", "00:00:00:00:00:00").IPv4("127.0.0.1", "127.0.0.1").Udp(port).Payload(payload.AsSpan(0, 100));
        Assert.Equal(expected + 1, new BpfMachine().Load(filter).Run(packet));
    }

    [Fact]
    public void Translations_are_programs_that_the_verifier_takes_and_that_decide_the_same()
    {
        int loaded = 0;
        var machine = new BpfMachine();
        byte[] packet = new byte[64]; // what the test program's run sends
        for (int seed = 0; seed < 600; seed++)
        {
            var filter = new ClassicFilter([.. FilterGenerator.MakeBody(seed, packet.Length), new(0x16, 0, 0, 0)]);
            var assembler = new BpfAssembler();
            foreach (BpfInstruction instruction in filter.Translate().Instructions.Span) assembler.Add(instruction);
            TestProgram program;
            try
            {
                program = TestProgram.Load(assembler);
            }
            catch (InvalidOperationException e) when (e.Message.Contains("unreachable insn", StringComparison.Ordinal))
            {
                continue; // The kernel runs a filter with code that is never reached, and takes no program with it.
            }

            using (program)
            {
                // The test run begins behind the Ethernet header.
                Assert.Equal(program.Run(), machine.Load(filter).Run(new SkBuffContext(packet) { StartsAtNetworkHeader = true }));
                loaded++;
            }
        }

        Assert.True(loaded > 100, $"only {loaded} have no unreachable code");
    }

    private string? SendAndReceive(string text)
    {
        _sender.Send(Encoding.ASCII.GetBytes(text));
        return Receive(_receiver) is { } bytes ? Encoding.ASCII.GetString(bytes) : null;
    }

    // On this machine's own addresses a datagram is there, or was dropped, when it is sent.
    private static byte[]? Receive(Socket socket)
    {
        byte[] buffer = new byte[2048];
        int length = socket.Receive(buffer, SocketFlags.None, out SocketError error);
        return error == SocketError.Success ? buffer[..length] : null;
    }
}
