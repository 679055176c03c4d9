using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Interop.Uapi;

namespace Bpf.Loader.Interop;

/// <summary>perf_event_open(2) and its ioctls.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe class PerfEvent
{
    /// <summary>PERF_TYPE_SOFTWARE.</summary>
    public const uint TypeSoftware = 1;

    /// <summary>PERF_TYPE_TRACEPOINT.</summary>
    public const uint TypeTracepoint = 2;

    /// <summary>PERF_COUNT_SW_BPF_OUTPUT.</summary>
    public const ulong SoftwareBpfOutput = 10;

    /// <summary>PERF_SAMPLE_RAW.</summary>
    public const ulong SampleRaw = 1 << 10;

    // PERF_FLAG_FD_CLOEXEC, since 3.14.
    private const nint CloseOnExec = 1 << 3;

    // powerpc keeps the direction of an ioctl in other bits.
    private static readonly bool OtherDirectionBits = RuntimeInformation.ProcessArchitecture == Architecture.Ppc64le;

    private static readonly nuint EnableRequest = OtherDirectionBits ? 0x20002400u : 0x2400u;
    private static readonly nuint DisableRequest = OtherDirectionBits ? 0x20002401u : 0x2401u;
    private static readonly nuint SetBpfRequest = OtherDirectionBits ? 0x80042408u : 0x40042408u;

    private static readonly nuint PauseOutputRequest = OtherDirectionBits ? 0x80042409u : 0x40042409u;

    /// <summary>Opens an event; EACCES or EPERM without CAP_PERFMON (CAP_SYS_ADMIN before 5.8).</summary>
    /// <param name="attribute">What to count; its size is filled in.</param>
    /// <param name="pid">The process, or -1 for all.</param>
    /// <param name="cpu">The CPU, or -1 for all.</param>
    /// <param name="errno">Why it failed.</param>
    public static FileDescriptorHandle? Open(ref PerfEventAttr attribute, int pid, int cpu, out Errno errno)
        => Open(ref attribute, pid, cpu, name: null, out errno);

    /// <summary>Opens an event whose first configuration word points to a name: the function of a kprobe, the file of a uprobe.</summary>
    public static FileDescriptorHandle? Open(ref PerfEventAttr attribute, int pid, int cpu, string? name, out Errno errno)
    {
        nint text = name is null ? 0 : Marshal.StringToCoTaskMemUTF8(name);
        try
        {
            attribute.Size = PerfEventAttr.WireSize;
            if (name is not null)
                attribute.Config1 = (nuint)text;
            fixed (PerfEventAttr* pointer = &attribute)
            {
                nint fd = LibC.SystemCall(SystemCallNumbers.PerfEventOpen, (nint)pointer, pid, cpu, -1, CloseOnExec);
                return FileDescriptorHandle.FromResult((int)fd, out errno);
            }
        }
        finally
        {
            Marshal.FreeCoTaskMem(text);
        }
    }

    /// <summary>PERF_EVENT_IOC_ENABLE.</summary>
    public static Errno Enable(FileDescriptorHandle perfEvent) => Control(perfEvent, EnableRequest, 0);

    /// <summary>PERF_EVENT_IOC_DISABLE.</summary>
    public static Errno Disable(FileDescriptorHandle perfEvent) => Control(perfEvent, DisableRequest, 0);

    /// <summary>PERF_EVENT_IOC_SET_BPF (4.1); EPROTO when the event's call chain does not fit the program's helpers.</summary>
    public static Errno SetProgram(FileDescriptorHandle perfEvent, FileDescriptorHandle program)
    {
        using HandleUse use = program.Use();
        return Control(perfEvent, SetBpfRequest, use.Descriptor);
    }

    /// <summary>PERF_EVENT_IOC_PAUSE_OUTPUT (4.7): while paused, nothing is written to the event's ring.</summary>
    public static Errno PauseOutput(FileDescriptorHandle perfEvent, bool pause) => Control(perfEvent, PauseOutputRequest, pause ? 1 : 0);

    private static Errno Control(FileDescriptorHandle perfEvent, nuint request, nint argument)
    {
        using HandleUse use = perfEvent.Use();
        return LibC.IoControl(use.Descriptor, request, argument) < 0 ? LibC.LastError : Errno.None;
    }
}
