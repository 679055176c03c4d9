using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Bpf.Loader.KernelTests.Hosting;

/// <summary>A log that remembers what the category Bpf.Loader was told: level, event and text.</summary>
internal sealed class LogLines : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyCollection<string> All => _lines;

    /// <summary>Waits until a line with a text has come.</summary>
    public async Task<string> FindAsync(string text)
    {
        while (true)
        {
            if (_lines.FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal)) is { } found) return found;
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    public void AddTo(ILoggingBuilder logging) => logging.SetMinimumLevel(LogLevel.Trace).AddFilter((category, _) => category == "Bpf.Loader").AddProvider(this);

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue($"{logLevel} {eventId.Id} {formatter(state, exception)}");

    public void Dispose()
    {
    }
}
