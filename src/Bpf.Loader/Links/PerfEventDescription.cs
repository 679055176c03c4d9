using System;

namespace Bpf.Loader.Links;

/// <summary>An event that the kernel counts or samples: <c>struct perf_event_attr</c>.</summary>
/// <param name="Type">What kind: <c>PERF_TYPE_*</c>, or the number of a device of <c>/sys/bus/event_source/devices</c>.</param>
/// <param name="Config">Which event of the kind.</param>
/// <param name="Name">What it is called in messages.</param>
public sealed record PerfEventDescription(uint Type, ulong Config, string Name)
{
    private const uint HardwareType = 0, SoftwareType = 1, BreakpointType = 5;

    /// <summary>The second word of the configuration: of a breakpoint the address.</summary>
    public ulong Config1 { get; init; }

    /// <summary>The third word of the configuration: of a breakpoint the length.</summary>
    public ulong Config2 { get; init; }

    /// <summary>Of a breakpoint the accesses.</summary>
    internal uint Accesses { get; init; }

    /// <summary>An event that the kernel counts by itself.</summary>
    public static PerfEventDescription Software(PerfSoftwareEvent software) => new(SoftwareType, (ulong)software, software.ToString());

    /// <summary>An event that the processor counts; virtual machines often have none.</summary>
    public static PerfEventDescription Hardware(PerfHardwareEvent hardware) => new(HardwareType, (ulong)hardware, hardware.ToString());

    /// <summary>Accesses to an address, which the processor watches.</summary>
    /// <param name="address">The address.</param>
    /// <param name="accesses">Which accesses.</param>
    /// <param name="length">Bytes: 1, 2, 4 or 8; for execution the size of a pointer.</param>
    public static PerfEventDescription Breakpoint(ulong address, PerfBreakpointAccess accesses, int length)
    {
        if (length is not (1 or 2 or 4 or 8)) throw new ArgumentOutOfRangeException(nameof(length), length, "A breakpoint is 1, 2, 4 or 8 bytes long.");
        return new PerfEventDescription(BreakpointType, 0, $"breakpoint 0x{address:x}") { Config1 = address, Config2 = (ulong)length, Accesses = (uint)accesses };
    }
}
