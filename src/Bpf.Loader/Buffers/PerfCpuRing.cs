using System;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Interop.Uapi;

namespace Bpf.Loader.Buffers;

/// <summary>The perf event of one CPU that takes what programs there send, with its ring.</summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class PerfCpuRing : IDisposable
{
    // Bit 14 of the flags of struct perf_event_attr: wakeup_events is a number of bytes.
    private const ulong Watermark = 1 << 14;

    // Bit 27: records are written from the end to the beginning (4.7).
    private const ulong WriteBackward = 1 << 27;

    private readonly MappedMemory _memory;

    private PerfCpuRing(int cpu, FileDescriptorHandle perfEvent, MappedMemory memory, PerfArea area)
    {
        Cpu = cpu;
        Event = perfEvent;
        _memory = memory;
        Area = area;
    }

    public int Cpu { get; }

    public FileDescriptorHandle Event { get; }

    public PerfArea Area { get; }

    /// <summary>How many records were lost on this CPU; written by the reader only.</summary>
    public long Lost { get; set; }

    /// <summary>Opens it; <see langword="null"/> when the CPU is not online (any more).</summary>
    /// <exception cref="BpfException">The kernel refused.</exception>
    /// <param name="cpu">The CPU.</param>
    /// <param name="options">How it shall be.</param>
    /// <param name="overwrite">Whether new records overwrite the oldest, backwards; then the ring is only read.</param>
    public static PerfCpuRing? Open(int cpu, PerfBufferOptions options, bool overwrite)
    {
        var attribute = new PerfEventAttr
        {
            Type = PerfEvent.TypeSoftware,
            Config = PerfEvent.SoftwareBpfOutput,
            SampleType = PerfEvent.SampleRaw,
            SamplePeriod = 1,
            WakeupEvents = (uint)(options.WakeUpBytes != 0 ? options.WakeUpBytes : options.WakeUpEvents),
            Flags = (options.WakeUpBytes != 0 ? Watermark : 0) | (overwrite ? WriteBackward : 0),
        };
        FileDescriptorHandle? perfEvent = PerfEvent.Open(ref attribute, -1, cpu, out Errno errno);
        if (perfEvent is null)
        {
            return errno == Errno.ENODEV
                ? null
                : throw Refusal.OfCall("perf_event_open", errno, $"the perf buffer of CPU {cpu}", Capability.PerfMon);
        }

        try
        {
            int page = Environment.SystemPageSize;
            uint size = checked((uint)(options.PagesPerCpu * page));
            MappedMemory memory = MappedMemory.Map(perfEvent, 0, (nuint)page + size, writable: !overwrite, out errno)
                ?? throw new BpfException("mmap", errno, $"the perf buffer of CPU {cpu}", MapHint(errno));
            byte* start = (byte*)memory.Address;
            var ring = new PerfCpuRing(cpu, perfEvent, memory, new PerfArea(start, start + page, size));
            errno = PerfEvent.Enable(perfEvent);
            if (errno == Errno.None)
                return ring;
            memory.Unmap();
            throw new BpfException("ioctl(PERF_EVENT_IOC_ENABLE)", errno, $"the perf buffer of CPU {cpu}", null);
        }
        catch
        {
            perfEvent.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _memory.Unmap();
        Event.Dispose();
    }

    private static string? MapHint(Errno errno) => errno == Errno.EPERM
        ? "The buffers of all perf events together are more than /proc/sys/kernel/perf_event_mlock_kb allows; use fewer pages."
        : null;
}
