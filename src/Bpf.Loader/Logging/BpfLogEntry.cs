using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Bpf.Loader.Logging;

/// <summary>What a program logged at one time.</summary>
public sealed class BpfLogEntry
{
    private readonly object[] _values;
    private string? _message;

    internal BpfLogEntry(BpfLogSite site, DateTimeOffset time, int cpu, object[] values)
    {
        Site = site;
        Time = time;
        Cpu = cpu;
        _values = values;
    }

    /// <summary>The call in the program.</summary>
    public BpfLogSite Site { get; }

    /// <summary>How grave it is.</summary>
    public BpfLogLevel Level => Site.Level;

    /// <summary>When it was logged.</summary>
    public DateTimeOffset Time { get; }

    /// <summary>The CPU that the program ran on.</summary>
    public int Cpu { get; }

    /// <summary>
    /// The values with their names: <see cref="int"/>, <see cref="uint"/>, <see cref="long"/>, <see cref="ulong"/>, <see cref="bool"/>,
    /// <see cref="string"/>, and <see cref="System.Net.IPAddress"/> of <c>bpf_ip4</c>. Pointers are texts such as <c>0xffff888100</c>, arrays
    /// of bytes are texts in hexadecimal. Texts are as the program found them: see <see cref="BpfText.Printable"/>.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Values => [.. _values.Select((value, i) => KeyValuePair.Create(Site.Names[i], (object?)value))];

    /// <summary>The message, safe for a terminal and a log.</summary>
    public string Message => _message ??= Site.Layout.Show(_values);

    /// <summary>Time, level, message and place in one line.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Time.LocalDateTime:HH:mm:ss.fff} {Level.ToString().ToLowerInvariant(),-5} {Message} ({Site})");
}
