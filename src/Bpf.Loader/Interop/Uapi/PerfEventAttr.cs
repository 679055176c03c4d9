using System.Runtime.InteropServices;

namespace Bpf.Loader.Interop.Uapi;

/// <summary>The structure of perf_event_open(2); the kernel takes a longer one than it knows when the tail is zero.</summary>
[StructLayout(LayoutKind.Explicit, Size = 144)]
internal struct PerfEventAttr
{
    /// <summary>What is passed as the size: the end of the last field.</summary>
    public const uint WireSize = 144;

    [FieldOffset(0)]
    public uint Type;

    [FieldOffset(4)]
    public uint Size;

    [FieldOffset(8)]
    public ulong Config;

    [FieldOffset(16)]
    public ulong SamplePeriod;

    [FieldOffset(24)]
    public ulong SampleType;

    [FieldOffset(32)]
    public ulong ReadFormat;

    // Bit field; bit 0 is disabled, bit 10 is freq.
    [FieldOffset(40)]
    public ulong Flags;

    [FieldOffset(48)]
    public uint WakeupEvents;

    [FieldOffset(52)]
    public uint BreakpointType;

    [FieldOffset(56)]
    public ulong Config1;

    [FieldOffset(64)]
    public ulong Config2;

    [FieldOffset(72)]
    public ulong BranchSampleType;

    [FieldOffset(80)]
    public ulong SampleRegsUser;

    [FieldOffset(88)]
    public uint SampleStackUser;

    [FieldOffset(92)]
    public int ClockId;

    [FieldOffset(96)]
    public ulong SampleRegsIntr;

    [FieldOffset(104)]
    public uint AuxWatermark;

    [FieldOffset(108)]
    public ushort SampleMaxStack;

    [FieldOffset(112)]
    public uint AuxSampleSize;

    [FieldOffset(116)]
    public uint AuxAction;

    [FieldOffset(120)]
    public ulong SigData;

    [FieldOffset(128)]
    public ulong Config3;

    [FieldOffset(136)]
    public ulong Config4;
}
