using System;
using System.IO;
using System.Linq;
using Bpf.Loader.Testing;
using Xunit;

namespace Bpf.Loader.Tests.Tool;

public sealed class MachineRunTests : IDisposable
{
    private static readonly string Sample = Path.Combine(TestData.Repository, "src/samples/xdp-drop/xdp-drop.bpf.o");
    private readonly string _capture = Path.GetTempFileName();

    public void Dispose() => File.Delete(_capture);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Packets_of_a_capture_are_judged(bool isBigEndian)
    {
        Write(isBigEndian, Packet.Ethernet().IPv4("10.1.2.3", "10.0.0.1").Tcp(port: 80).ToArray(), Packet.Ethernet().Arp("02:00:00:00:00:01", "10.0.0.1", "10.0.0.2").ToArray());
        BpfTool tool = BpfTool.Run("run", Sample, "--machine", _capture);
        Assert.Equal((0, ""), (tool.ExitCode, tool.Error));
        Assert.Equal(["     1     54 bytes  filter: Pass", "     2     42 bytes  filter: Pass", "2 packets", "  filter: Pass 2"], tool.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Json_has_a_line_for_each_packet_and_program()
    {
        Write(false, new byte[64]);
        BpfTool tool = BpfTool.Run("run", Path.Combine(TestData.Root, "hook_tc.bpf.o"), "--machine", _capture, "--program", "tc_plain", "--json");
        Assert.Equal(("tc_plain", "Ok", 1, 64), tool.Lines.Select(static line => (
            line.GetProperty("program").GetString(), line.GetProperty("verdict").GetString(), line.GetProperty("packet").GetInt32(), line.GetProperty("length").GetInt32())).Single());
    }

    [Fact]
    public void A_packet_without_its_Ethernet_header_is_refused()
    {
        Write(false, new byte[13]);
        BpfTool tool = BpfTool.Run("run", Sample, "--machine", _capture);
        Assert.Equal(1, tool.ExitCode);
        Assert.Contains("has 13 bytes, which is less than an Ethernet header", tool.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_capture_is_refused()
    {
        File.WriteAllText(_capture, "this is no capture of any packets");
        BpfTool tool = BpfTool.Run("run", Sample, "--machine", _capture);
        Assert.Equal(1, tool.ExitCode);
        Assert.Contains("is no pcap", tool.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_takes_no_packets_is_wrong_usage()
    {
        Write(false, new byte[64]);
        BpfTool tool = BpfTool.Run("run", "execsnoop.bpf.o", "--machine", _capture, "--program", "handle_exec");
        Assert.Equal(2, tool.ExitCode);
        Assert.Contains("none that takes packets", tool.Error, StringComparison.Ordinal);
        Assert.Equal(2, BpfTool.Run("run", Sample, "--program", "filter").ExitCode);
    }

    private void Write(bool isBigEndian, params byte[][] packets)
    {
        using var writer = new BinaryWriter(File.Create(_capture));
        void Number(uint value) => writer.Write(isBigEndian ? System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(value) : value);
        foreach (uint number in (uint[])[0xa1b2c3d4, 0x00040002, 0, 0, 65535, 1]) Number(number);
        foreach (byte[] packet in packets)
        {
            foreach (uint number in (uint[])[1_700_000_000, 500_000, (uint)packet.Length, (uint)packet.Length]) Number(number);
            writer.Write(packet);
        }
    }
}
