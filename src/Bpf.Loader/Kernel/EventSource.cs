using System;
using System.Globalization;
using System.IO;
using System.Runtime.Versioning;

namespace Bpf.Loader.Kernel;

/// <summary>The kinds of perf events that have a number of their own in this boot: kprobe and uprobe (4.17).</summary>
[SupportedOSPlatform("linux")]
internal static class EventSource
{
    private const string Folder = "/sys/bus/event_source/devices/";

    /// <summary>The type for perf_event_open(2); <see langword="false"/> where the kernel is without.</summary>
    /// <param name="device"><c>kprobe</c> or <c>uprobe</c>.</param>
    /// <param name="type">The number.</param>
    public static bool TryGetType(string device, out uint type)
    {
        type = 0;
        return TryRead($"{Folder}{device}/type", out string text)
            && uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out type);
    }

    /// <summary>The bit of the configuration word that asks for a return probe.</summary>
    public static bool TryGetReturnProbeBit(string device, out int bit)
    {
        bit = 0;
        const string Prefix = "config:";
        return TryRead($"{Folder}{device}/format/retprobe", out string text)
            && text.StartsWith(Prefix, StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out bit)
            && bit < 64;
    }

    /// <summary>Whether uprobes take the offset of a semaphore (4.20).</summary>
    public static bool HasReferenceCounters => File.Exists(Folder + "uprobe/format/ref_ctr_offset");

    private static bool TryRead(string path, out string text)
    {
        text = SystemFile.TryReadText(path, out _) ?? "";
        return text.Length > 0;
    }
}
