namespace Bpf.Samples;

/// <summary>Draws a histogram whose slots double: slot n counts from 2^n up to 2^(n+1) - 1, slot 0 also the zeros.</summary>
internal static class Log2Histogram
{
    private const int Width = 40;

    /// <summary>Draws the slots from the first to the last that counted something.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="unit">What is measured, such as "microseconds".</param>
    /// <param name="counts">How often each slot was hit.</param>
    public static void Draw(TextWriter to, string unit, ReadOnlySpan<ulong> counts)
    {
        int first = counts.IndexOfAnyExcept(0ul), last = counts.LastIndexOfAnyExcept(0ul);
        if (first < 0)
        {
            to.WriteLine("nothing was measured");
            return;
        }

        ulong most = 0;
        foreach (ulong count in counts)
            most = Math.Max(most, count);

        to.WriteLine($"{unit,23} : {"count",-10} distribution");
        for (int slot = first; slot <= last; slot++)
        {
            ulong low = slot == 0 ? 0 : 1ul << slot, high = (2ul << slot) - 1;
            string bar = new('*', (int)Math.Round(Width * (double)counts[slot] / most));
            to.WriteLine($"{low,10} -> {high,-10}: {counts[slot],-10}|{bar,-Width}|");
        }
    }
}
