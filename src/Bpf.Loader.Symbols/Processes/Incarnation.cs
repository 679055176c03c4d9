using System;
using System.Globalization;
using System.Runtime.Versioning;

namespace Bpf.Loader.Symbols.Processes;

/// <summary>Which program a number of a process stands for: numbers are used again, and a process may run another program.</summary>
/// <param name="StartTime">When the process began, in hundredths of a second since the boot.</param>
/// <param name="Code">Where its program was put.</param>
/// <param name="Stack">Where its stack was put.</param>
internal readonly record struct Incarnation(ulong StartTime, ulong Code, ulong Stack)
{
    private const ulong TickNanoseconds = 10_000_000; // USER_HZ is 100 on all architectures that .NET knows

    /// <summary>Whether the process began at a time that the kernel took, in nanoseconds since the boot.</summary>
    public bool BeganAt(ulong nanoseconds) => nanoseconds / TickNanoseconds == StartTime;

    /// <summary>What a process is now; null when it has ended.</summary>
    [SupportedOSPlatform("linux")]
    public static Incarnation? Of(int processId) => Parse(ProcFile.ReadText(processId, "stat"));

    /// <summary>Takes a line of <c>/proc/PID/stat</c> apart; null when it is none, or of a process that has ended and is still to be waited for.</summary>
    public static Incarnation? Parse(string? line)
    {
        // "12 (a name) S 1 ...": the name may have spaces and parentheses. Behind it there are the state and the members from 4 on.
        int end = line?.LastIndexOf(')') ?? -1;
        if (end < 0) return null;
        string[] words = line![(end + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 26 || words[0] is "Z" or "X" or "x") return null;
        return ulong.TryParse(words[19], NumberStyles.None, CultureInfo.InvariantCulture, out ulong start)
            && ulong.TryParse(words[23], NumberStyles.None, CultureInfo.InvariantCulture, out ulong code)
            && ulong.TryParse(words[25], NumberStyles.None, CultureInfo.InvariantCulture, out ulong stack)
            ? new Incarnation(start, code, stack) : null;
    }
}
