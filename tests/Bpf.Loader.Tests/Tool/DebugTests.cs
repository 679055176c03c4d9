using System;
using System.IO;
using System.Linq;
using Bpf.Loader.Testing;
using Xunit;

namespace Bpf.Loader.Tests.Tool;

public sealed class DebugTests : IDisposable
{
    private static readonly string Sample = Path.Combine(TestData.Repository, "src/samples/xdp-drop/xdp-drop.bpf.o");

    private readonly string _capture = Path.GetTempFileName(), _script = Path.GetTempFileName();

    public DebugTests()
    {
        byte[][] packets = [Packet.Ethernet().IPv4("10.1.2.3", "10.0.0.1").Tcp(port: 80).ToArray(), Packet.Ethernet().Arp("02:00:00:00:00:01", "10.0.0.1", "10.0.0.2").ToArray()];
        using var writer = new BinaryWriter(File.Create(_capture));
        foreach (uint number in (uint[])[0xa1b2c3d4, 0x00040002, 0, 0, 65535, 1]) writer.Write(number);
        foreach (byte[] packet in packets)
        {
            foreach (uint number in (uint[])[1, 0, (uint)packet.Length, (uint)packet.Length]) writer.Write(number);
            writer.Write(packet);
        }
    }

    public void Dispose()
    {
        File.Delete(_capture);
        File.Delete(_script);
    }

    [Fact]
    public void A_script_stops_steps_and_prints()
    {
        string output = Run(
            """
            # the line where the address is copied
            break 42
            break *0
            break filter
            breakpoints
            delete 2
            print r1
            continue
            print (struct ethhdr) r1-0
            step
            next
            stepi
            nexti
            registers
            x r10-20 20
            print passed
            map denied
            backtrace
            list
            break 1
            break nowhere
            break *100000
            print nothing
            print (struct none) r10
            map none
            frobnicate
            finish
            """);
        Snapshot.Match(output);
    }

    [Fact]
    public void A_trace_shows_each_step_with_what_it_changed()
    {
        BpfTool tool = BpfTool.Run("debug", Sample, "--packet", _capture, "--number", "2", "--trace");
        Assert.Equal((0, ""), (tool.ExitCode, tool.Error));
        Snapshot.Match(tool.Output);
    }

    [Fact]
    public void Stepping_by_lines_visits_lines_in_their_order()
    {
        string output = Run(string.Join('\n', Enumerable.Repeat("next", 40)));
        int[] lines = [.. output.Split('\n').Where(static line => line.Contains("xdp-drop.bpf.c:", StringComparison.Ordinal)).Select(static line => int.Parse(line.Split(':')[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture))];
        Assert.True(lines.Length > 5);
        Assert.All(lines.Zip(lines.Skip(1)), static pair => Assert.NotEqual(pair.First, pair.Second));
    }

    [Fact]
    public void Quitting_ends_it()
    {
        string output = Run("quit");
        Assert.DoesNotContain("packet 2", output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_is_told()
    {
        Assert.Contains("names which of", BpfTool.Run("debug", Path.Combine(TestData.Root, "hook_tc.bpf.o"), "--packet", _capture).Error, StringComparison.Ordinal);
        Assert.Contains("the packets 1 to 2", BpfTool.Run("debug", Sample, "--packet", _capture, "--number", "3").Error, StringComparison.Ordinal);
        Assert.Equal(2, BpfTool.Run("debug", Sample).ExitCode);
    }

    private string Run(string script)
    {
        File.WriteAllText(_script, script);
        BpfTool tool = BpfTool.Run("debug", Sample, "--program", "filter", "--packet", _capture, "--script", _script);
        Assert.Equal((0, ""), (tool.ExitCode, tool.Error));
        return tool.Output;
    }
}
