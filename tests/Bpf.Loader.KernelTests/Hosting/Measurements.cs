using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Linq;

namespace Bpf.Loader.KernelTests.Hosting;

/// <summary>What an exporter would collect from a meter.</summary>
internal sealed class Measurements : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly List<(string Instrument, double Value, Dictionary<string, object?> Tags)> _values = [];

    public Measurements(string meter)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == meter) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument.Name, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument.Name, value, tags));
        _listener.Start();
    }

    /// <summary>Collects now.</summary>
    /// <returns>The values of an instrument, with those of a tag.</returns>
    public Dictionary<string, double> Collect(string instrument, string tag)
    {
        _values.Clear();
        _listener.RecordObservableInstruments();
        return _values.Where(value => value.Instrument == instrument).ToDictionary(value => value.Tags[tag]?.ToString() ?? "", value => value.Value);
    }

    public void Dispose() => _listener.Dispose();

    private void Add(string instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _values.Add((instrument, value, tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value)));
}
