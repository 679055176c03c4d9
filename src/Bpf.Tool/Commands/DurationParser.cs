using System;
using System.Globalization;

namespace Bpf.Tool.Commands;

/// <summary>Reads durations as people write them: <c>5s</c>, <c>500ms</c>, <c>2m</c>, <c>1h</c>; a bare number means seconds.</summary>
internal static class DurationParser
{
    private static readonly (string Unit, double Milliseconds)[] Units = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("", 1000)];

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        foreach ((string unit, double milliseconds) in Units)
        {
            if (!text.EndsWith(unit, StringComparison.Ordinal))
                continue;
            ReadOnlySpan<char> number = text.AsSpan(0, text.Length - unit.Length);
            if (!double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value))
                continue;

            // Timers take no more than that many milliseconds.
            double total = value * milliseconds;
            if (!(total > 0) || total > int.MaxValue)
                return false;
            duration = TimeSpan.FromMilliseconds(total);
            return true;
        }

        return false;
    }
}
