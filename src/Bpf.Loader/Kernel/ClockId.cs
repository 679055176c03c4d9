namespace Bpf.Loader.Kernel;

/// <summary>The kernel's clocks, by their numbers in <c>include/uapi/linux/time.h</c>.</summary>
internal enum ClockId
{
    Realtime = 0,
    Monotonic = 1,
    Boot = 7,
    Tai = 11,
}
