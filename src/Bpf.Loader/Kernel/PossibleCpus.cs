using System;
using System.Runtime.Versioning;
using System.Threading;

namespace Bpf.Loader.Kernel;

/// <summary>
/// The CPUs that this kernel may ever have, which is how many values an element of a per-CPU map has; more than there are now,
/// and never <see cref="Environment.ProcessorCount"/>.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class PossibleCpus
{
    private const string PossiblePath = "/sys/devices/system/cpu/possible";
    private const string OnlinePath = "/sys/devices/system/cpu/online";

    private static int[]? _ids;

    /// <summary>How many there are.</summary>
    /// <exception cref="BpfFormatException">The kernel's list cannot be understood.</exception>
    /// <exception cref="BpfException">The kernel's list cannot be read.</exception>
    public static int Count => Ids.Length;

    /// <summary>Their numbers, in the order in which per-CPU maps hold their values.</summary>
    /// <exception cref="BpfFormatException">The kernel's list cannot be understood.</exception>
    /// <exception cref="BpfException">The kernel's list cannot be read.</exception>
    public static ReadOnlySpan<int> Ids
    {
        get
        {
            int[]? ids = Volatile.Read(ref _ids);
            if (ids is null)
            {
                // The list is fixed at boot.
                ids = CpuList.Parse(SystemFile.ReadText(PossiblePath), PossiblePath);
                Volatile.Write(ref _ids, ids);
            }

            return ids;
        }
    }

    /// <summary>The CPUs that run now.</summary>
    /// <exception cref="BpfFormatException">The kernel's list cannot be understood.</exception>
    /// <exception cref="BpfException">The kernel's list cannot be read.</exception>
    public static int[] ReadOnline() => CpuList.Parse(SystemFile.ReadText(OnlinePath), OnlinePath);
}
