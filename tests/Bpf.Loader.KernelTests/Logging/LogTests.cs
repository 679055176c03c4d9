using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Bpf.Loader.Hosting;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Logging;
using Bpf.Loader.Objects;
using Bpf.Loader.Tests.Tool;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Bpf.Loader.KernelTests.Logging;

/// <summary>What programs log with bpf_log.h, as it arrives.</summary>
public sealed class LogTests : KernelTest
{
    private const string Object = "log_entries.bpf.o";

    [Theory]
    [InlineData(Object)]
    [InlineData("clang-14/" + Object)]
    public void Entries_have_names_values_times_and_places(string name)
    {
        using BpfObject bpf = Open(name).Load();
        using BpfLogReader log = BpfLogReader.TryOpen(bpf)!;
        byte[] secret = [.. "of this process"u8, 0];
        GCHandle pinned = GCHandle.Alloc(secret, GCHandleType.Pinned);
        bpf.Globals["user_string"].Set((ulong)pinned.AddrOfPinnedObject());
        DateTimeOffset before = DateTimeOffset.UtcNow;
        bpf.Programs["every_kind"].TestRun(new BpfTestRunOptions { Context = new byte[16] });
        DateTimeOffset after = DateTimeOffset.UtcNow;
        pinned.Free();

        List<BpfLogEntry> entries = Read(log);
        Assert.Equal([BpfLogLevel.Info, BpfLogLevel.Warn, BpfLogLevel.Error], entries.Select(static entry => entry.Level));
        Assert.All(entries, entry =>
        {
            Assert.InRange(entry.Time, before, after);
            Assert.InRange(entry.Cpu, 0, 1023);
            Assert.Equal("log_entries.bpf.c", entry.Site.File);
        });
        Assert.Equal("opened cat \\x1b[31m by 42, owner 1000", entries[0].Message);
        Assert.Equal("cat \x1b[31m", entries[0].Values[0].Value);
        Assert.Equal($"in the kernel 0242ac1100fe {new string('a', 90)}:   -3 01bb true -5000000000 127.0.0.1", entries[1].Message);
        Assert.StartsWith("user of this process|000001bb|0x", entries[2].Message, StringComparison.Ordinal);
        Assert.EndsWith("|x|%", entries[2].Message, StringComparison.Ordinal);
        Assert.Equal((0L, 0L), (log.Lost, log.Malformed));
    }

    [Theory]
    [InlineData(BpfLogLevel.Trace, 5)]
    [InlineData(BpfLogLevel.Info, 3)]
    [InlineData(BpfLogLevel.Error, 1)]
    [InlineData((BpfLogLevel)6, 0)]
    public void What_is_below_the_level_is_not_in_the_program(BpfLogLevel level, int count)
    {
        BpfObjectFile file = Open();
        file.Globals[BpfLog.LevelVariable].Set((uint)level);
        using BpfObject bpf = file.Load();
        using BpfObject all = Open().Load();
        using BpfLogReader log = BpfLogReader.TryOpen(bpf)!;
        bpf.Programs["every_kind"].TestRun(new BpfTestRunOptions { Context = new byte[16] });
        List<BpfLogEntry> entries = Read(log);
        Assert.Equal(count, entries.Count);
        Assert.All(entries, entry => Assert.True(entry.Level >= level));
        if (level == BpfLogLevel.Trace) Assert.Contains("twelve 123456789101112", entries.Select(static entry => entry.Message));
        // The verifier takes dead code out.
        int Size(BpfObject of) => of.Programs["every_kind"].GetCode().Instructions.Length;
        if (level > BpfLogLevel.Info) Assert.True(Size(bpf) < Size(all));
    }

    [Fact]
    public async Task Entries_are_a_stream_too()
    {
        using BpfObject bpf = Open().Load();
        using BpfLogReader log = BpfLogReader.TryOpen(bpf)!;
        bpf.Programs["packet"].TestRun(new BpfTestRunOptions { Data = new byte[64] });
        await foreach (BpfLogEntry entry in log.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            Assert.Equal("packet of 64 bytes", entry.Message);
            break;
        }
    }

    [Fact]
    public void What_found_no_room_is_counted()
    {
        BpfObjectFile file = Open();
        file.Maps[BpfLog.MapName].MaxEntries = 4096;
        using BpfObject bpf = file.Load();
        using BpfLogReader log = BpfLogReader.TryOpen(bpf)!;
        bpf.Globals["times"].Set(100u);
        for (int i = 0; i < 3; i++) bpf.Programs["many"].TestRun(new BpfTestRunOptions { Context = new byte[16] });
        int arrived = Read(log).Count;
        Assert.InRange(arrived, 1, 299);
        Assert.Equal(300 - arrived, log.Lost);
    }

    [Fact]
    public async Task A_host_hands_them_to_its_logger()
    {
        using var provider = new Entries();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Bpf.Loader.Log", LogLevel.Debug).AddProvider(provider);
        builder.Services.AddBpf(TestObjects.PathOf(Object), options => options.AutoAttach = false);
        using IHost host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        var bpf = host.Services.GetRequiredService<BpfObject>();
        Assert.Equal(1u, bpf.Globals[BpfLog.LevelVariable].Get<uint>());
        bpf.Programs["every_kind"].TestRun(new BpfTestRunOptions { Context = new byte[16] });
        await host.StopAsync(TestContext.Current.CancellationToken); // what was logged before is handed over

        Assert.Equal(4, provider.All.Count);
        (string category, LogLevel level, string text, Dictionary<string, object?> state) = provider.All.First();
        Assert.Equal(("Bpf.Loader.Log.log_entries", LogLevel.Information, "opened cat \\x1b[31m by 42, owner 1000"), (category, level, text));
        Assert.Equal("opened {name} by {value2}, owner {number}", state["{OriginalFormat}"]);
        Assert.Equal(("cat \x1b[31m", 42, 1000u), (state["name"], state["value2"], state["number"]));
        Assert.IsType<DateTimeOffset>(state["BpfTime"]);
        Assert.StartsWith("log_entries.bpf.c:", (string)state["BpfSource"]!, StringComparison.Ordinal);
        Assert.Contains("only when somebody asks", provider.All.Select(static entry => entry.Text));
    }

    [Fact]
    public async Task A_host_tells_what_was_lost_and_can_be_told_to_leave_the_log()
    {
        using var provider = new Entries();
        using (IHost host = Build(options => options.Configure(file => file.Maps[BpfLog.MapName].MaxEntries = 4096)))
        {
            var bpf = host.Services.GetRequiredService<BpfObject>();
            bpf.Globals["times"].Set(100u);
            for (int i = 0; i < 3; i++) bpf.Programs["many"].TestRun(new BpfTestRunOptions { Context = new byte[16] });
            await host.StartAsync(TestContext.Current.CancellationToken);
            await host.StopAsync(TestContext.Current.CancellationToken);
            long lost = (long)bpf.Globals["bpf_log_lost"].Get<ulong>();
            Assert.Contains($"bpf_log had no room for {lost} events", provider.All.Select(static entry => entry.Text));
            Assert.Equal(300 - lost, provider.All.Count(static entry => entry.Text.StartsWith("number ", StringComparison.Ordinal)));
        }

        provider.All.Clear();
        using (IHost host = Build(options => options.ForwardLog = false))
        {
            await host.StartAsync(TestContext.Current.CancellationToken);
            var bpf = host.Services.GetRequiredService<BpfObject>();
            bpf.Programs["every_kind"].TestRun(new BpfTestRunOptions { Context = new byte[16] });
            await host.StopAsync(TestContext.Current.CancellationToken);
            Assert.Empty(provider.All);
            using BpfLogReader log = BpfLogReader.TryOpen(bpf)!;
            Assert.Equal(3, Read(log).Count);
        }

        IHost Build(Action<BpfHostOptions> configure)
        {
            HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
            builder.Logging.AddFilter((category, _) => category!.StartsWith("Bpf.Loader.Log.", StringComparison.Ordinal)).AddProvider(provider);
            builder.Services.AddBpf(TestObjects.PathOf(Object), options =>
            {
                options.AutoAttach = false;
                configure(options);
            });
            return builder.Build();
        }
    }

    [Fact]
    public void The_tool_prints_them()
    {
        string path = TestObjects.PathOf(Object);
        string text = BpfTool.Run("run", path, "--duration", "300ms").Output;
        Assert.Matches(@"\d\d:\d\d:\d\d\.\d{3} info  opened cat \\x1b\[31m by 42, owner 1000 \(log_entries\.bpf\.c:\d+\)\n", text);
        string[] lines = BpfTool.Run("run", path, "--json", "--duration", "300ms", "--set", "bpf_log_level=4").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(lines);
        Assert.All(lines, line =>
        {
            using JsonDocument json = JsonDocument.Parse(line);
            Assert.Equal("error", json.RootElement.GetProperty("@level").GetString());
            Assert.Equal(443, json.RootElement.GetProperty("port").GetInt32());
            Assert.Equal("bpf_log", json.RootElement.GetProperty("@map").GetString());
        });
    }

    private static BpfObjectFile Open(string name = Object) => BpfObjectFile.Open(TestObjects.PathOf(name));

    private static List<BpfLogEntry> Read(BpfLogReader log)
    {
        var entries = new List<BpfLogEntry>();
        log.Consume(entries.Add);
        return entries;
    }

    private sealed class Entries : ILoggerProvider
    {
        public ConcurrentQueue<(string Category, LogLevel Level, string Text, Dictionary<string, object?> State)> All { get; } = new();

        public ILogger CreateLogger(string categoryName) => new Writer(categoryName, All);

        public void Dispose()
        {
        }

        private sealed class Writer(string category, ConcurrentQueue<(string Category, LogLevel Level, string Text, Dictionary<string, object?> State)> all) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                all.Enqueue((category, logLevel, formatter(state, exception), new Dictionary<string, object?>((IReadOnlyList<KeyValuePair<string, object?>>)(object)state!)));
        }
    }
}
