using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text.Json;
using System.Threading.Tasks;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Bpf.Loader.KernelTests.Skeletons;

/// <summary>A record that a program sends travels on: as JSON and back, as a log's scope, as text.</summary>
[AnyKernel]
public sealed class RecordTests : KernelTest
{
    [Fact]
    public async Task A_record_of_a_ring_buffer_travels()
    {
        Requires.SyscallPrograms();
        using DataRecords bpf = DataRecords.Open().Load();
        Assert.Equal(0u, bpf.Programs.Send.TestRun().ReturnValue);
        DataRecords.Record sent = await bpf.Maps.Events.ReadAllAsync(default).FirstAsync();
        Assert.Equal((42u, "10.0.0.1", (ushort)443), (sent.Pid, sent.SaddrAddress.ToString(), sent.SportHostOrder));

        // By code that the compiler makes, as an agent compiled ahead has it.
        string json = JsonSerializer.Serialize(sent, RecordJson.Default.Record);
        Assert.StartsWith("""{"time":1000,"offset":-5,"pid":42,""", json, System.StringComparison.Ordinal);
        DataRecords.Record read = JsonSerializer.Deserialize(json, RecordJson.Default.Record);
        Assert.Equal(sent.ToString(), read.ToString());
        Assert.Equal(IPAddress.Parse("fe80::1"), read.SourceAddress);
        Assert.Equal(sent.Wide, read.Wide);
        Assert.Equal(json, JsonSerializer.Serialize(read, RecordJson.Default.Record));

        var logged = new List<KeyValuePair<string, object?>>();
        using (LoggerFactory factory = new([new ScopeKeeper(logged)])) factory.CreateLogger("agent").BeginScope(sent);
        Assert.Equal(42L, logged.Single(pair => pair.Key == "pid").Value);
        Assert.Equal("127.0.0.53", logged.Single(pair => pair.Key == "local.address").Value);
    }

    private sealed class ScopeKeeper(List<KeyValuePair<string, object?>> kept) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public System.IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            kept.AddRange((IEnumerable<KeyValuePair<string, object?>>)state);
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, System.Exception? exception, System.Func<TState, System.Exception?, string> formatter)
        {
        }

        public void Dispose()
        {
        }
    }
}
