using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Bpf.Loader.Instructions;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Bpf.Loader.Links.Info;
using Bpf.Loader.Maps;
using Xunit;

namespace Bpf.Loader.KernelTests.Links;

public sealed class StructOpsTests : KernelTest
{
    [Theory]
    [InlineData("hook_struct_ops", "mini_cc", "bpf_mini", false)]
    [InlineData("hook_struct_ops_link", "mini_link_cc", "bpf_minilink", true)]
    public void A_congestion_control_is_used_by_a_socket(string name, string map, string control, bool isLink)
    {
        Requires.StructOps();
        if (isLink) Requires.Function("bpf_struct_ops_link_create", "links of struct_ops (Linux 6.4)");
        using BpfObject bpf = TestObjects.Load(name);
        using (BpfLinkCollection links = bpf.AttachAll())
        {
            Assert.Empty(links.PassedOver);
            BpfLink link = links[map];
            Assert.Equal(isLink, link.IsKernelLink);
            if (isLink) Assert.Equal(bpf.Maps[map].Id, Assert.IsType<MapLinkInfo>(link.GetInfo()).MapId);
            Assert.Contains(control, Available(), StringComparison.Ordinal);
            Transfer(control);
            Assert.True(bpf.Globals["calls"].Get<ulong>() > 0);
            Assert.Equal(BpfDiagnosticId.AlreadyAttached, Assert.Throws<BpfAttachException>(() => bpf.AttachStructOps(map)).Id);
        }

        Assert.DoesNotContain(control, Available(), StringComparison.Ordinal);
    }

    [Fact]
    public void Callbacks_are_replaced_while_they_are_registered()
    {
        Requires.StructOps();
        Requires.Function("bpf_struct_ops_link_create", "links of struct_ops (Linux 6.4)");
        using BpfObject first = TestObjects.Load("hook_struct_ops_link"), second = TestObjects.Load("hook_struct_ops_link");
        using BpfLink link = first.AttachStructOps("mini_link_cc");
        Transfer("bpf_minilink");
        ulong calls = first.Globals["calls"].Get<ulong>();
        Assert.True(calls > 0);
        second.UpdateStructOps(link, "mini_link_cc");
        Assert.Equal(second.Maps["mini_link_cc"].Id, Assert.IsType<MapLinkInfo>(link.GetInfo()).MapId);
        Transfer("bpf_minilink");
        Assert.True(second.Globals["calls"].Get<ulong>() > 0);
        Assert.Equal(calls, first.Globals["calls"].Get<ulong>());
    }

    [Fact]
    public void A_program_is_told_whose_callbacks_it_works_on()
    {
        Requires.StructOps();
        Requires.SyscallPrograms();
        using BpfProgram program = BpfProgram.Load(new BpfProgramLoadOptions { Type = BpfProgramType.Syscall, Flags = BpfProgramFlags.Sleepable, Instructions = new BpfAssembler().Return(0).ToArray(), License = "GPL" });
        using BpfMap array = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.Array, KeySize = 4, ValueSize = 4, MaxEntries = 1 });
        Assert.Throws<ArgumentException>(() => program.AssociateStructOps(array));
        using BpfObject other = TestObjects.Load("hook_struct_ops");
        uint id;
        using (BpfObject bpf = TestObjects.Load("hook_struct_ops"))
        {
            Assert.Throws<ArgumentException>(() => bpf.Programs[0].AssociateStructOps(bpf.Maps["mini_cc"]));
            if (!Requires.Has("bpf_prog_assoc_struct_ops"))
            {
                Assert.Throws<BpfNotSupportedException>(() => program.AssociateStructOps(bpf.Maps["mini_cc"]));
                Assert.Skip("this kernel knows no programs of a struct_ops map (newer than 6.18)");
            }

            program.AssociateStructOps(bpf.Maps["mini_cc"]);
            program.AssociateStructOps(bpf.Maps["mini_cc"]);
            Assert.Equal(Errno.EBUSY, Assert.Throws<BpfException>(() => program.AssociateStructOps(other.Maps["mini_cc"])).Errno);
            id = bpf.Maps["mini_cc"].Id;
        }

        Assert.Contains(id, BpfMap.EnumerateIds());
    }

    [Fact]
    public void A_map_of_another_kind_is_refused()
    {
        using BpfObject bpf = TestObjects.Load("hook_usdt");
        Assert.Throws<ArgumentException>(() => bpf.AttachStructOps("__bpf_usdt_specs"));
    }

    private static string Available() => File.ReadAllText("/proc/sys/net/ipv4/tcp_available_congestion_control");

    private static void Transfer(string control)
    {
        const int TcpLevel = 6, Congestion = 13;
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.SetRawSocketOption(TcpLevel, Congestion, Encoding.ASCII.GetBytes(control));
        client.Connect(listener.LocalEndPoint!);
        using Socket server = listener.Accept();
        byte[] buffer = new byte[64 << 10];
        for (int i = 0; i < 20; i++)
        {
            client.Send(buffer);
            for (int received = 0; received < buffer.Length;) received += server.Receive(buffer);
        }
    }
}
