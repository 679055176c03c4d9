using System;
using System.IO;
using System.Linq;
using Bpf.Loader.Testing;
using Xunit;

namespace Bpf.Loader.Tests.Tool;

public sealed class ClassicCommandTests : IDisposable
{
    private readonly string _filter = Path.GetTempFileName(), _capture = Path.GetTempFileName();

    public ClassicCommandTests() => File.WriteAllText(_filter, "ldh [12]\njne #0x806, drop\nret #-1\ndrop: ret #0\n");

    public void Dispose()
    {
        File.Delete(_filter);
        File.Delete(_capture);
    }

    [Fact]
    public void Filters_are_assembled_and_listed()
    {
        Assert.Equal("4,40 0 0 12,21 0 1 2054,6 0 0 4294967295,6 0 0 0\n", Run("asm", _filter));
        Assert.Equal("(000) ldh      [12]\n(001) jeq      #0x806           jt 2\tjf 3\n(002) ret      #-1\n(003) ret      #0\n", Run("dis", _filter));
        Assert.Equal("{ 0x28, 0, 0, 0x0000000c },", Run("asm", _filter, "--form", "c").Split('\n')[0]);
        Assert.Contains("jeq #0x806, L2, L3", Run("dis", _filter, "--form", "assembly"), StringComparison.Ordinal);
    }

    [Fact]
    public void Filters_are_translated()
    {
        string output = Run("ebpf", _filter);
        Assert.Contains("; (001) jeq      #0x806", output, StringComparison.Ordinal);
        Assert.Contains("r0 = *(u16 *)skb[12]", output, StringComparison.Ordinal);
        Assert.Contains("if r0 != 0x806 goto", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Filters_run_on_captures_and_calls()
    {
        using (var writer = new BinaryWriter(File.Create(_capture)))
        {
            foreach (uint number in (uint[])[0xa1b2c3d4, 0x00040002, 0, 0, 65535, 1]) writer.Write(number);
            foreach (byte[] packet in (byte[][])[Packet.Ethernet().Arp("02:00:00:00:00:01", "10.0.0.1", "10.0.0.2").ToArray(), new byte[20]])
            {
                foreach (uint number in (uint[])[1, 0, (uint)packet.Length, (uint)packet.Length]) writer.Write(number);
                writer.Write(packet);
            }
        }

        Assert.Equal(["     1     42 bytes  Keep 42", "     2     20 bytes  Drop", "1 of 2 kept"], Run("run", _filter, "--packets", _capture).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal([uint.MaxValue, 0u], BpfTool.Run("classic", "run", _filter, "--packets", _capture, "--json").Lines.Select(static line => line.GetProperty("return").GetUInt32()));
        File.WriteAllText(_filter, "ld [0]\njeq #39, no\nret #0x7fff0000\nno: ret #0x50001");
        Assert.Equal("Errno EPERM\n", Run("run", _filter, "--call", "39"));
        Assert.Equal("Allow\n", Run("run", _filter, "--call", "1,2,0x10"));
    }

    [Fact]
    public void What_is_wrong_is_told()
    {
        BpfTool tool = BpfTool.Run("classic", "run", _filter);
        Assert.Equal(2, tool.ExitCode);
        Assert.Contains("--packets or --call", tool.Error, StringComparison.Ordinal);
        File.WriteAllText(_filter, "ldh [12]\n");
        tool = BpfTool.Run("classic", "asm", _filter);
        Assert.Equal((1, ""), (tool.ExitCode, tool.Output));
        Assert.Contains("The last instruction must be 'ret'", tool.Error, StringComparison.Ordinal);
        File.WriteAllText(_filter, "ldh [12]\nbpf\n");
        tool = BpfTool.Run("classic", "dis", _filter);
        Assert.Equal(1, tool.ExitCode);
        Assert.Contains("Line 2 of the filter: 'bpf' is no instruction", tool.Error, StringComparison.Ordinal);
    }

    private static string Run(params string[] arguments)
    {
        BpfTool tool = BpfTool.Run(["classic", .. arguments]);
        Assert.Equal((0, ""), (tool.ExitCode, tool.Error));
        return tool.Output;
    }
}
