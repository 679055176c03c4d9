using System;

namespace Bpf.Loader.Kernel.Probes;

/// <summary>What the verifier wrote about a program that asks for a feature.</summary>
internal static class ProbeLog
{
    /// <summary>
    /// Whether it said anything about the program. The statistics that close each log are no word about it: they are all that there is
    /// where the kernel forbids the program before it looks at an instruction.
    /// </summary>
    public static bool Speaks(ReadOnlySpan<byte> log)
    {
        log = log.TrimEnd((byte)0);
        foreach (Range line in log.Split((byte)'\n'))
        {
            if (!log[line].IsEmpty && !log[line].StartsWith("processed "u8)) return true;
        }

        return false;
    }
}
