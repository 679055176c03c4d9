using System;
using System.IO;
using System.Runtime.Versioning;
using System.Threading;
using Bpf.Loader;
using Bpf.Loader.Buffers;
using Bpf.Loader.Logging;

namespace Bpf.Tool.Events;

/// <summary>Carries the events of one buffer to the printer, on a thread of its own.</summary>
[SupportedOSPlatform("linux")]
internal sealed class EventPump : IDisposable
{
    // Programs may submit without waking anybody: look from time to time, often enough for a person.
    private static readonly TimeSpan Recheck = TimeSpan.FromMilliseconds(100);

    private const int Batch = 4096;

    private readonly EventType _type;
    private readonly IEventPrinter _printer;
    private readonly Lock _gate;
    private readonly CancellationTokenSource _stop;
    private readonly RingBuffer? _ring;
    private readonly PerfBuffer? _perf;
    private readonly BpfLogReader? _log;
    private readonly Thread _thread;

    /// <summary>Opens a buffer.</summary>
    /// <param name="map">The map.</param>
    /// <param name="type">What its records are.</param>
    /// <param name="printer">Prints them.</param>
    /// <param name="gate">Keeps the printer to one thread at a time.</param>
    /// <param name="stop">Ends the thread; cancelled by it when the output is closed or the buffer fails.</param>
    public EventPump(BpfMap map, EventType type, IEventPrinter printer, Lock gate, CancellationTokenSource stop)
    {
        _type = type;
        _printer = printer;
        _gate = gate;
        _stop = stop;
        if (map.Type == BpfMapType.RingBuf)
            _ring = map.OpenRingBuffer();
        else
            _perf = map.OpenPerfBuffer();
        _thread = new Thread(Run) { IsBackground = true, Name = map.Name };
    }

    /// <summary>Carries what the programs log.</summary>
    /// <inheritdoc cref="EventPump(BpfMap, EventType, IEventPrinter, Lock, CancellationTokenSource)"/>
    public EventPump(BpfLogReader log, IEventPrinter printer, Lock gate, CancellationTokenSource stop)
    {
        _type = new EventType(BpfLog.MapName, null, default);
        _log = log;
        _printer = printer;
        _gate = gate;
        _stop = stop;
        _thread = new Thread(Run) { IsBackground = true, Name = BpfLog.MapName };
    }

    /// <summary>How many events were printed.</summary>
    public long Printed { get; private set; }

    /// <summary>How many events a perf buffer, or the log, had no room for.</summary>
    public long Lost => _perf?.Lost ?? _log?.Lost ?? 0;

    /// <summary>How many records of the log were no entries.</summary>
    public long Malformed => _log?.Malformed ?? 0;

    /// <summary>Why the pump stopped; null when it was told to.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Begins to print.</summary>
    public void Start() => _thread.Start();

    /// <summary>Waits for the thread, then prints what came until now.</summary>
    public void Finish()
    {
        _thread.Join();
        if (Failure is not null)
            return;
        Guard(() =>
        {
            while (Drain() > 0)
            {
            }
        });
    }

    public void Dispose()
    {
        _ring?.Dispose();
        _perf?.Dispose();
        _log?.Dispose();
    }

    private void Run() => Guard(() =>
    {
        while (!_stop.IsCancellationRequested)
        {
            if (_ring is not null)
                _ring.Wait(Recheck, _stop.Token);
            else if (_perf is not null)
                _perf.Wait(Recheck, _stop.Token);
            else
                _log!.Wait(Recheck, _stop.Token);
            Drain();
        }
    });

    private void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (OperationCanceledException)
        {
            // What is still in the buffer is printed by Finish.
        }
        catch (Exception e) when (e is IOException or BpfException or InvalidDataException)
        {
            Failure = e;
            _stop.Cancel();
        }
    }

    /// <summary>Prints what is there, up to a batch, and says how many events that were.</summary>
    private int Drain()
    {
        lock (_gate)
        {
            int count = _ring is not null
                ? _ring.Consume(record => _printer.Print(_type, -1, record), Batch)
                : _perf?.Consume((cpu, record) => _printer.Print(_type, cpu, record), Batch) ?? _log!.Consume(_printer.Print, Batch);
            Printed += count;
            if (count > 0)
                _printer.Flush();
            return count;
        }
    }
}
