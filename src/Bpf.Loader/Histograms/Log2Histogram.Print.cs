using System;
using System.Globalization;
using System.IO;

namespace Bpf.Loader;

/// <content>How a histogram is drawn: as the tools of bcc draw theirs, so that what reads those reads these.</content>
public sealed partial class Log2Histogram
{
    // Above slot 32 numbers need twice the room, and the bars have half of it.
    private const int LastNarrowSlot = 32, NarrowBar = 40, WideBar = 20, NarrowNumber = 10, WideNumber = 20;

    /// <summary>Draws the slots up to the last that counted something.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="unit">What was measured, such as <c>usecs</c>.</param>
    public void Print(TextWriter to, string unit)
    {
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(unit);
        int last = _slots.AsSpan().LastIndexOfAnyExcept(0ul);
        if (last < 0)
        {
            to.WriteLine($"{unit}: nothing was counted");
            return;
        }

        bool isNarrow = last <= LastNarrowSlot;
        (int margin, int name, int number, int bar) = isNarrow ? (5, 19, NarrowNumber, NarrowBar) : (15, 29, WideNumber, WideBar);
        ulong most = 0;
        foreach (ulong count in _slots) most = Math.Max(most, count);
        to.WriteLine($"{new string(' ', margin)}{unit.PadRight(name)} : count    distribution");
        for (int slot = 0; slot <= last; slot++)
        {
            string stars = new('*', (int)((UInt128)_slots[slot] * (uint)bar / most));
            to.WriteLine($"{Text(LowestOf(slot)).PadLeft(number)} -> {Text(HighestOf(slot)).PadRight(number)} : {Text(_slots[slot]).PadRight(8)} |{stars.PadRight(bar)}|");
        }
    }

    /// <summary>The histogram as <see cref="Print"/> draws it.</summary>
    public override string ToString()
    {
        var text = new StringWriter(CultureInfo.InvariantCulture);
        Print(text, "values");
        return text.ToString();
    }

    private static string Text(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}
