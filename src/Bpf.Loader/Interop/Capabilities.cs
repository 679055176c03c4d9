using System;
using System.Globalization;
using System.IO;

namespace Bpf.Loader.Interop;

/// <summary>The capabilities that this process has, for hints: never to decide what may be tried.</summary>
internal readonly struct Capabilities
{
    private readonly ulong _effective;

    private Capabilities(ulong effective)
    {
        _effective = effective;
    }

    /// <summary>Reads them anew from /proc, as threads may drop them; <see langword="null"/> where there is no /proc.</summary>
    public static Capabilities? Read()
    {
        try
        {
            foreach (string line in File.ReadLines("/proc/thread-self/status"))
            {
                if (line.StartsWith("CapEff:", StringComparison.Ordinal))
                    return new Capabilities(ulong.Parse(line.AsSpan(7).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            // A hint is all that is lost.
            return null;
        }

        return null;
    }

    /// <summary>Whether a capability is in effect; CAP_SYS_ADMIN stands for the two that 5.8 split from it.</summary>
    public bool Has(Capability capability)
        => IsSet(capability) || (capability is Capability.Bpf or Capability.PerfMon && IsSet(Capability.SysAdmin));

    private bool IsSet(Capability capability) => (_effective >> (int)capability & 1) != 0;
}
