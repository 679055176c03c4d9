using System;
using System.Collections.Generic;

namespace Bpf.Loader.Logging;

/// <summary>The log that programs write with <c>bpf_log.h</c>, as an object describes it.</summary>
public static class BpfLog
{
    /// <summary>The name of the ring buffer.</summary>
    public const string MapName = "bpf_log";

    /// <summary>The name of the constant that says from which <see cref="BpfLogLevel"/> on entries are made; 6 is for none. 4 bytes.</summary>
    public const string LevelVariable = "bpf_log_level";

    internal const string LostVariable = "bpf_log_lost";

    /// <summary>The calls in the programs of an object.</summary>
    /// <param name="file">The object.</param>
    /// <returns>Them, in the order of their numbers; none when the object has no such log.</returns>
    public static IReadOnlyList<BpfLogSite> ReadSites(BpfObjectFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return file.Maps.TryGet(MapName, out Objects.BpfMapDefinition? map) && map.Type == BpfMapType.RingBuf ? LogSites.Read(file) : [];
    }

    /// <summary>
    /// Gives each call its number, by which its entries tell where they are from. <see cref="BpfObjectFile.Load"/> does so itself; this is
    /// for whoever runs the programs otherwise, as the machine of Bpf.Loader.Testing does.
    /// </summary>
    /// <param name="file">The object.</param>
    /// <returns>A copy with the numbers; the object itself when it has no such log.</returns>
    public static BpfObjectFile Number(BpfObjectFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return LogSites.AreIn(file) ? LogSites.NumberedCopy(file) : file;
    }
}
