using System.Numerics;

namespace Bpf.Loader.Kernel.Abilities;

/// <summary>The first kernel that has a type, a flag or a helper: the one table of such facts.</summary>
/// <remarks>
/// The source is include/uapi/linux/bpf.h of each release, from 3.19 to 6.19: the first in which a name stands. Null for what is newer, and
/// for what this library does not know. A kernel that is new enough may be built without it; <see cref="KernelOptions"/> tells by what.
/// </remarks>
internal static class FirstKernels
{
    // By value, from 1 on.
    private static readonly string[] ProgramTypes =
    [
        "3.19", "4.1", "4.1", "4.1", "4.7", "4.8", "4.9", "4.10", "4.10", "4.10", "4.10", "4.10", "4.13", "4.14", "4.15", "4.17", "4.17", "4.17", "4.18", "4.18",
        "4.19", "4.20", "5.2", "5.2", "5.3", "5.5", "5.6", "5.6", "5.7", "5.9", "5.14", "6.4",
    ];

    // By value, from 1 on.
    private static readonly string[] MapTypes =
    [
        "3.19", "3.19", "4.2", "4.3", "4.6", "4.6", "4.6", "4.8", "4.10", "4.10", "4.11", "4.12", "4.12", "4.14", "4.14", "4.15", "4.18", "4.18", "4.19", "4.19",
        "4.20", "4.20", "4.20", "5.2", "5.4", "5.6", "5.8", "5.10", "5.11", "5.16", "6.1", "6.2", "6.9", "6.19",
    ];

    // By value, from 0 on.
    private static readonly string[] AttachTypes =
    [
        "4.10", "4.10", "4.10", "4.13", "4.14", "4.14", "4.15", "4.17", "4.17", "4.17", "4.17", "4.17", "4.17", "4.17", "4.18", "4.18", "4.18", "4.20", "5.2", "5.2",
        "5.2", "5.3", "5.3", "5.5", "5.5", "5.5", "5.7", "5.7", "5.8", "5.8", "5.8", "5.8", "5.8", "5.8", "5.9", "5.9", "5.9", "5.9", "5.13", "5.14",
        "5.14", "5.15", "5.18", "6.0", "6.4", "6.4", "6.6", "6.6", "6.6", "6.7", "6.7", "6.7", "6.7", "6.7", "6.7", "6.7", "6.10", "6.13",
    ];

    // By the number of the bit.
    private static readonly string[] MapFlags =
        ["4.6", "4.10", "4.14", "4.15", "4.15", "4.17", "5.0", "5.2", "5.2", "5.4", "5.5", "5.11", "5.10", "6.4", "6.5", "6.9", "6.9", "6.9", "6.9", "6.19"];

    private static readonly string[] ProgramFlags = ["4.12", "5.0", "5.3", "5.5", "5.10", "5.18", "6.3", "6.8", "", "", "", "", "", "", "", "", "6.9"];

    // The first helper that a kernel has beyond those of the one before it.
    private static readonly (int Helper, string Kernel)[] Helpers =
    [
        (210, "6.2"), (208, "6.1"), (204, "6.0"), (194, "5.19"), (186, "5.18"), (180, "5.17"), (176, "5.16"), (169, "5.15"), (166, "5.14"), (164, "5.13"),
        (163, "5.12"), (156, "5.11"),
    ];

    /// <summary>The first kernel with a type of programs.</summary>
    public static string? Of(BpfProgramType type) => At(ProgramTypes, (long)type - 1);

    /// <summary>The first kernel with a type of maps.</summary>
    public static string? Of(BpfMapType type) => At(MapTypes, (long)type - 1);

    /// <summary>The first kernel with a type of attachment.</summary>
    public static string? Of(BpfAttachType type) => At(AttachTypes, (long)type);

    /// <summary>The first kernel with a flag of maps.</summary>
    /// <param name="flag">One flag.</param>
    public static string? Of(BpfMapFlags flag) => flag == 0 ? null : At(MapFlags, BitOperations.TrailingZeroCount((uint)flag));

    /// <summary>The first kernel with a flag of programs.</summary>
    /// <param name="flag">One flag.</param>
    public static string? Of(BpfProgramFlags flag) => flag == 0 ? null : At(ProgramFlags, BitOperations.TrailingZeroCount((uint)flag));

    /// <summary>The first kernel in which programs of a type may sleep, where that came after the flag itself (kernel/bpf/verifier.c, can_be_sleepable).</summary>
    public static string? OfSleep(BpfProgramType type, BpfAttachType attachType) => (type, attachType) switch
    {
        (BpfProgramType.Kprobe, _) => "6.0",
        (BpfProgramType.Tracing, BpfAttachType.TraceIter) => "5.18",
        (BpfProgramType.Tracing, BpfAttachType.TraceFEntry or BpfAttachType.TraceFExit or BpfAttachType.ModifyReturn) => "5.10",
        (BpfProgramType.Lsm, BpfAttachType.LsmMac) => "5.10",
        (BpfProgramType.Syscall, _) => "5.14",
        (BpfProgramType.StructOps, _) => "6.0",
        _ => null,
    };

    /// <summary>The first kernel with a helper; null for those that 5.10 has, which is the oldest that matters.</summary>
    public static string? OfHelper(int helper)
    {
        foreach ((int first, string kernel) in Helpers)
        {
            if (helper >= first) return helper <= 211 ? kernel : null;
        }

        return null;
    }

    /// <summary>Whether the running kernel is at least of a version.</summary>
    public static bool IsReached(string version)
    {
        string[] parts = version.Split('.');
        var first = new KernelVersion(int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture), int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture), 0);
        return KernelVersion.Current.CompareTo(first) >= 0;
    }

    private static string? At(string[] table, long index) => index >= 0 && index < table.Length && table[index].Length > 0 ? table[index] : null;
}
