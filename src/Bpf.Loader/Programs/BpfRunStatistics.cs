using System;
using System.Runtime.Versioning;
using System.Threading;
using Bpf.Loader.Interop;

namespace Bpf.Loader;

/// <summary>
/// Lets the kernel count the runs of all programs and their time, until it is disposed: <see cref="BpfProgramInfo.RunCount"/> and
/// <see cref="BpfProgramInfo.RunTime"/>. Counting costs every run some tens of nanoseconds.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class BpfRunStatistics : IDisposable
{
    private const uint RunTime = 0; // BPF_STATS_RUN_TIME

    private FileDescriptorHandle? _handle;

    private BpfRunStatistics(FileDescriptorHandle handle) => _handle = handle;

    /// <summary>Begins to count. Several may count at a time; the last one that is disposed ends it.</summary>
    /// <exception cref="BpfException">CAP_SYS_ADMIN is missing.</exception>
    /// <remarks>Linux 5.8; on older kernels, root may write 1 to <c>/proc/sys/kernel/bpf_stats_enabled</c> (5.1).</remarks>
    public static BpfRunStatistics Enable() => new(
        BpfSyscall.EnableStatistics(RunTime, out Errno errno) ?? throw Refusal.Of(BpfCommand.EnableStats, errno, "run statistics",
            errno == Errno.EINVAL ? "Before Linux 5.8, write 1 to /proc/sys/kernel/bpf_stats_enabled." : null));

    /// <summary>Ends the counting; what was counted stays.</summary>
    public void Dispose() => Interlocked.Exchange(ref _handle, null)?.Dispose();
}
