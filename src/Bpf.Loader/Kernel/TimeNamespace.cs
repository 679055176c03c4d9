using System;
using System.Globalization;

namespace Bpf.Loader.Kernel;

/// <summary>How far the clocks of a time namespace are from the kernel's.</summary>
internal static class TimeNamespace
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Reads the lines <c>monotonic SECONDS NANOSECONDS</c> and <c>boottime SECONDS NANOSECONDS</c>, time_namespaces(7).</summary>
    public static (long Monotonic, long Boot) ParseOffsets(string text)
    {
        long monotonic = 0, boot = 0;
        foreach (string line in text.Split('\n'))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length != 3 || !long.TryParse(words[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long seconds)
                || !long.TryParse(words[2], NumberStyles.None, CultureInfo.InvariantCulture, out long nanoseconds))
            {
                continue;
            }

            long offset = (seconds * NanosecondsPerSecond) + nanoseconds;
            if (words[0] is "monotonic" or "1") monotonic = offset;
            else if (words[0] is "boottime" or "7") boot = offset;
        }

        return (monotonic, boot);
    }
}
