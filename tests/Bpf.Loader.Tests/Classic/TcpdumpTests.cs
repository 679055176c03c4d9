using System;
using System.IO;
using System.Linq;
using System.Text;
using Bpf.Loader.Classic;
using Bpf.Loader.Testing;
using Xunit;

namespace Bpf.Loader.Tests.Classic;

/// <summary>Filters beside <c>tcpdump</c>: what it prints is read and printed the same, and what it keeps of a capture, the machine keeps.</summary>
public sealed class TcpdumpTests : IDisposable
{
    private readonly string _capture = Path.GetTempFileName();

    public void Dispose() => File.Delete(_capture);

    [Fact]
    public void All_forms_are_read_and_printed_as_tcpdump_has_them()
    {
        int compared = 0;
        foreach (string expression in Tcpdump.Expressions)
        {
            if (TryCompile("-ddd", expression) is not { } numbers) continue;
            (string listing, string initialisers) = (TryCompile("-d", expression)!, TryCompile("-dd", expression)!);
            ClassicFilter filter = ClassicFilter.Parse(numbers);
            Assert.Equal(numbers, filter.ToString(ClassicForm.Decimal));
            Assert.Equal(listing, filter.ToString(ClassicForm.Listing));
            Assert.Equal(initialisers, filter.ToString(ClassicForm.C));
            // libpcap's protochain jumps back, which the kernel refuses; all else it takes.
            bool isLoop = expression.Contains("protochain", StringComparison.Ordinal);
            Assert.Equal(isLoop, filter.Check() is not null);
            foreach (string form in (string[])[initialisers, filter.ToString(ClassicForm.Bytecode)])
                Assert.Equal(filter.Instructions.ToArray(), ClassicFilter.Parse(form).Instructions.ToArray());
            // libpcap leaves a constant in instructions that have none, which no text shows.
            if (!isLoop) Assert.All((string[])[listing, filter.ToString(ClassicForm.Assembly)], form => Assert.Equal(listing, ClassicFilter.Parse(form).ToString()));
            compared++;
        }

        Assert.True(compared >= 100, $"tcpdump took only {compared} of {Tcpdump.Expressions.Length} expressions");
    }

    [Fact]
    public void The_machine_keeps_of_a_capture_what_tcpdump_keeps()
    {
        byte[][] packets = [.. PacketSamples.All];
        WriteCapture(packets);
        var machine = new BpfMachine();
        int selective = 0;
        foreach (string expression in Tcpdump.Expressions)
        {
            if (TryCompile("-ddd", expression) is not { } numbers || ClassicFilter.Parse(numbers) is not { } filter || filter.Check() is not null) continue;
            byte[]? kept = Tcpdump.TryRun("-r", _capture, "-w", "-", expression);
            Assert.NotNull(kept);
            string[] expected = [.. PacketCapture.Read(kept).Select(static packet => Convert.ToHexString(packet.Data.Span))];
            BpfMachineFilter loaded = machine.Load(filter);
            string[] actual = [.. packets.Where(packet => loaded.Run(packet) != 0).Select(Convert.ToHexString)];
            Assert.True(expected.SequenceEqual(actual), $"'{expression}': tcpdump keeps {expected.Length} packets, the machine {actual.Length}\n{filter}");
            if (actual.Length > 0 && actual.Length < packets.Length) selective++;
        }

        // Filters that keep all or nothing would be equal without having been run.
        Assert.True(selective >= 60, $"only {selective} expressions keep some packets and not all");
    }

    private static string? TryCompile(string form, string expression) =>
        Tcpdump.TryRun("-y", "EN10MB", form, expression) is { } output ? Encoding.ASCII.GetString(output) : null;

    private void WriteCapture(byte[][] packets)
    {
        using var writer = new BinaryWriter(File.Create(_capture));
        foreach (uint number in (uint[])[0xa1b2c3d4, 0x00040002, 0, 0, 65535, 1]) writer.Write(number);
        foreach (byte[] packet in packets)
        {
            foreach (uint number in (uint[])[1_700_000_000, 0, (uint)packet.Length, (uint)packet.Length]) writer.Write(number);
            writer.Write(packet);
        }
    }
}
