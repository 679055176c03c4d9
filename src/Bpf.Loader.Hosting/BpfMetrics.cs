using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Linq;
using System.Runtime.Versioning;

namespace Bpf.Loader.Hosting;

/// <summary>The instruments of the meter <c>Bpf.Loader</c>: nothing is measured before somebody collects.</summary>
[SupportedOSPlatform("linux")]
internal sealed class BpfMetrics
{
    public const string MeterName = "Bpf.Loader";

    private readonly ConcurrentQueue<BpfSession> _sessions = new();

    public BpfMetrics(IMeterFactory factory)
    {
        Meter meter = factory.Create(MeterName, typeof(BpfObject).Assembly.GetName().Version?.ToString(3));
        meter.CreateObservableCounter(
            "bpf.program.run.count", () => OfPrograms(info => (long)info.RunCount), "{run}", "How often the program ran while statistics were enabled.");
        meter.CreateObservableCounter(
            "bpf.program.run.time", () => OfPrograms(info => info.RunTime.TotalSeconds), "s", "How long the program ran while statistics were enabled.");
        meter.CreateObservableCounter(
            "bpf.program.recursion.misses", () => OfPrograms(info => (long)info.RecursionMisses), "{run}", "How often the program did not run because it was running already on that CPU.");
        meter.CreateObservableUpDownCounter(
            "bpf.link.count", () => OfSessions(Links), "{link}", "How many programs are attached.");
        meter.CreateObservableUpDownCounter(
            "bpf.map.entries", () => OfSessions(Entries), "{entry}", "How many entries the map has.");
        meter.CreateObservableUpDownCounter(
            "bpf.map.entries.limit", () => OfSessions(EntryLimits), "{entry}", "How many entries the map can have.");
        meter.CreateObservableUpDownCounter(
            "bpf.ring_buffer.usage", () => OfSessions(session => session.Rings.Select(ring => Of(ring.Available, session, ring.Map))), "By", "How many bytes wait to be read.");
        meter.CreateObservableUpDownCounter(
            "bpf.ring_buffer.limit", () => OfSessions(session => session.Rings.Select(ring => Of((long)ring.Size, session, ring.Map))), "By", "How many bytes the ring buffer holds.");
        meter.CreateObservableCounter(
            "bpf.events.handled", () => OfSessions(session => session.Readers.Select(reader => Of(reader.Handled, session, reader.Map))), "{event}", "Events that were handed over to the program's handler.");
        meter.CreateObservableCounter(
            "bpf.events.dropped", () => OfSessions(session => session.Drops().Select(drop => Of(drop.Count, session, drop.Map))), "{event}", "Events that found their buffer full.");
    }

    public void Add(BpfSession session) => _sessions.Enqueue(session);

    private static IEnumerable<Measurement<long>> Links(BpfSession session)
    {
        if (session.Loaded is { } loaded) yield return new Measurement<long>(session.Links?.Count ?? 0, Tag("bpf.object.name", loaded.Name));
    }

    private static IEnumerable<Measurement<long>> EntryLimits(BpfSession session) =>
        from map in session.Loaded?.Maps ?? Enumerable.Empty<BpfMap>()
        where MapEntries.AreCountable(map)
        select Of((long)map.MaxEntries, session, map.Name);

    private static IEnumerable<Measurement<long>> Entries(BpfSession session) =>
        from map in session.Loaded?.Maps ?? Enumerable.Empty<BpfMap>()
        where MapEntries.AreCountable(map) && map.MaxEntries <= session.Options.CountEntriesUpTo
        select Of((long)map.Count, session, map.Name);

    private static Measurement<long> Of(long value, BpfSession session, string map) =>
        new(value, Tag("bpf.object.name", session.Loaded?.Name), Tag("bpf.map.name", map));

    private static KeyValuePair<string, object?> Tag(string name, object? value) => new(name, value);

    private List<Measurement<T>> OfPrograms<T>(Func<BpfProgramInfo, T> measure)
        where T : struct => OfSessions(session =>
            from program in session.Loaded?.Programs ?? Enumerable.Empty<BpfProgram>()
            let info = program.GetInfo()
            select new Measurement<T>(
                measure(info),
                Tag("bpf.object.name", session.Loaded?.Name),
                Tag("bpf.program.name", program.Name),
                Tag("bpf.program.type", program.Type.ToString()),
                Tag("bpf.program.id", (long)info.Id)));

    private List<Measurement<T>> OfSessions<T>(Func<BpfSession, IEnumerable<Measurement<T>>> measure)
        where T : struct
    {
        var measurements = new List<Measurement<T>>();
        foreach (BpfSession session in _sessions)
        {
            try
            {
                measurements.AddRange(measure(session));
            }
            catch (ObjectDisposedException)
            {
                // The host closed the object meanwhile: there is nothing to measure any more.
            }
        }

        return measurements;
    }
}
