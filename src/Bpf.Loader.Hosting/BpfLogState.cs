using System.Collections;
using System.Collections.Generic;
using System.Runtime.Versioning;
using Bpf.Loader.Logging;
using Microsoft.Extensions.Logging;

namespace Bpf.Loader.Hosting;

/// <summary>An entry of a program as loggers take it: the values with their names, where it is from, and the format with the names.</summary>
[SupportedOSPlatform("linux")]
internal sealed class BpfLogState : IReadOnlyList<KeyValuePair<string, object?>>
{
    private readonly List<KeyValuePair<string, object?>> _values;
    private readonly string _message;

    private BpfLogState(BpfLogEntry entry)
    {
        _message = entry.Message;
        _values =
        [
            .. entry.Values,
            new("BpfTime", entry.Time),
            new("BpfCpu", entry.Cpu),
            new("BpfSource", entry.Site.ToString()),
            new("{OriginalFormat}", entry.Site.Template),
        ];
    }

    public int Count => _values.Count;

    public KeyValuePair<string, object?> this[int index] => _values[index];

    /// <summary>Writes an entry, if its level is enabled.</summary>
    public static void Write(ILogger logger, BpfLogEntry entry)
    {
        var level = (LogLevel)entry.Level;
        if (logger.IsEnabled(level)) logger.Log(level, default, new BpfLogState(entry), null, static (state, _) => state._message);
    }

    /// <summary>The least level that a logger takes, as bpf_log.h numbers them: 6 for none.</summary>
    public static uint Threshold(ILogger logger)
    {
        for (LogLevel level = LogLevel.Trace; level <= LogLevel.Error; level++)
        {
            if (logger.IsEnabled(level)) return (uint)level;
        }

        return (uint)LogLevel.None;
    }

    public override string ToString() => _message;

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
