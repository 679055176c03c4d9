using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using Bpf.Loader.Logging;
using Bpf.Loader.Testing;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Bpf.Loader.Tests.Logging;

public class LogEntryTests
{
    private static readonly IReadOnlyList<BpfLogSite> Sites = BpfLog.ReadSites(BpfObjectFile.Open(TestData.PathOf("log_entries.bpf.o")));

    private readonly LogDecoder _decoder = new(Sites, static stamp => DateTimeOffset.UnixEpoch.AddTicks((long)(stamp / 100)));

    // struct bpf_log_record and one value, in its room of 8 bytes.
    private readonly record struct PacketRecord(ulong Time, uint Site, uint Cpu, uint Bytes, uint Unused);

    [Theory]
    [InlineData("log_entries.bpf.o")]
    [InlineData("clang-14/log_entries.bpf.o")]
    [InlineData("be/log_entries.bpf.o")]
    public void An_object_says_what_its_programs_log(string name)
    {
        IReadOnlyList<BpfLogSite> sites = BpfLog.ReadSites(BpfObjectFile.Open(TestData.PathOf(name)));
        Assert.Equal(7, sites.Count);
        BpfLogSite warn = Assert.Single(sites, static site => site.Names.Contains("mac"));
        Assert.Equal((BpfLogLevel.Warn, "log_entries.bpf.c"), (warn.Level, warn.File));
        Assert.Equal(["file", "mac", "longest", "n", "port", "yes", "large", "peer"], warn.Names);
        Assert.Equal(
            [(LogArgumentKind.KernelString, 64), (LogArgumentKind.Bytes, 6), (LogArgumentKind.Text, 96), (LogArgumentKind.Signed, 1), (LogArgumentKind.Unsigned, 2), (LogArgumentKind.Boolean, 1), (LogArgumentKind.Signed, 8), (LogArgumentKind.IP4, 8)],
            warn.Arguments.Select(static each => (each.Kind, each.Size)));
        BpfLogSite info = Assert.Single(sites, static site => site.Format.StartsWith("opened", StringComparison.Ordinal));
        Assert.Equal("opened {name} by {value2}, owner {number}", info.Template);
        Assert.True(info.Line < warn.Line, $"{info} and {warn}");
        Assert.Equal(12, Assert.Single(sites, static site => site.Level == BpfLogLevel.Trace).Names.Count);
    }

    [Fact]
    public void Entries_in_the_machine_tell_where_they_are_from()
    {
        BpfObjectFile file = BpfObjectFile.Open(TestData.PathOf("log_entries.bpf.o"));
        BpfMachineObject bpf = new BpfMachine().Load(file);
        bpf.Program("packet").Run(new XdpContext(new byte[60]));

        PacketRecord record = Assert.Single(bpf.Ring<PacketRecord>(BpfLog.MapName));
        Assert.Equal((0u, 60u), (record.Cpu, record.Bytes));
        Assert.Equal("packet of %d bytes", BpfLog.ReadSites(file)[(int)record.Site - 1].Format);
    }

    [Fact]
    public void An_object_that_logs_nothing_has_no_calls() =>
        Assert.Empty(BpfLog.ReadSites(BpfObjectFile.Open(TestData.PathOf("maps_ringbuf.bpf.o"))));

    [Fact]
    public void A_record_becomes_an_entry()
    {
        int number = Number("mac");
        byte[] record =
        [
            .. Header(number, 3, 1_000_000_000), .. Text("motd", 64), 1, 2, 3, 4, 5, 6, 99, 99, .. Text("long", 96),
            .. Word(-3), .. Word(443), .. Word(1), .. Word(-5_000_000_000), .. Word(0x0100007f),
        ];
        BpfLogEntry entry = _decoder.Read(record)!;
        Assert.Equal((DateTimeOffset.UnixEpoch.AddSeconds(1), 3, BpfLogLevel.Warn), (entry.Time, entry.Cpu, entry.Level));
        Assert.Equal("motd 010203040506 long:   -3 01bb true -5000000000 127.0.0.1", entry.Message);
        Assert.Equal(
            ["motd", "010203040506", "long", -3, 443u, true, -5_000_000_000L, IPAddress.Loopback],
            entry.Values.Select(static each => each.Value!));
        Assert.EndsWith($" warn  {entry.Message} ({entry.Site})", entry.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_string_that_could_not_be_read_is_called_so()
    {
        byte[] record = [.. Header(Number("mac"), 0, 0), 0xff, 0, .. new byte[62], .. new byte[8 + 96 + (5 * 8)]];
        Assert.Equal("<unreadable>", _decoder.Read(record)!.Values[0].Value);
    }

    [Fact]
    public void A_record_that_is_none_gives_nothing()
    {
        byte[] whole = [.. Header(Number("mac"), 0, 0), .. new byte[64 + 8 + 96 + (5 * 8)]];
        Assert.NotNull(_decoder.Read(whole));
        for (int length = 0; length < whole.Length; length++) Assert.Null(_decoder.Read(whole.AsSpan(0, length)));
        Assert.Null(_decoder.Read([.. Header(0, 0, 0), .. new byte[512]])); // of a loader that gave no numbers
        Assert.Null(_decoder.Read([.. Header(Sites.Count + 1, 0, 0), .. new byte[512]]));
        Assert.Null(_decoder.Read([.. Header(-1, 0, 0), .. new byte[512]]));
    }

    [Fact]
    public void Any_bytes_are_an_entry_or_nothing() => Prop.ForAll<byte[], byte>((bytes, number) =>
    {
        byte[] record = [.. Header(number % (Sites.Count + 2), 0, ulong.MaxValue / 1000), .. bytes ?? [], .. new byte[number]];
        BpfLogEntry? entry = _decoder.Read(record);
        if (entry is not null) Assert.DoesNotContain(entry.ToString(), char.IsControl);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Descriptions_that_were_damaged_do_no_harm()
    {
        byte[] image = System.IO.File.ReadAllBytes(TestData.PathOf("log_entries.bpf.o"));
        int at = image.AsSpan().IndexOf("blog"u8); // the first description's first word
        Assert.True(at > 0);
        var random = new Random(1);
        for (int i = 0; i < 3000; i++)
        {
            byte[] damaged = [.. image];
            for (int n = 0; n < 3; n++) damaged[at + random.Next(700)] = (byte)random.Next(256);
            foreach (BpfLogSite site in BpfLog.ReadSites(BpfObjectFile.Read(damaged, "damaged")))
            {
                var decoder = new LogDecoder([site], static _ => default);
                decoder.Read([.. Header(1, 0, 0), .. new byte[4096]])?.ToString();
            }
        }
    }

    private static int Number(string name) => Sites.Select(static (site, i) => (site, i)).First(each => each.site.Names.Contains(name)).i + 1;

    private static byte[] Header(int site, int cpu, ulong time) =>
        [.. MemoryMarshal.AsBytes<ulong>([time]), .. MemoryMarshal.AsBytes<int>([site, cpu])];

    private static byte[] Word(long value) => BitConverter.GetBytes(value);

    private static byte[] Text(string text, int room)
    {
        byte[] bytes = new byte[room];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }
}
