using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader;
using Microsoft.Win32.SafeHandles;

namespace Bpf.Tool.Interop;

/// <summary>A counter of a CPU, by perf_event_open(2).</summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class PerfCounter
{
    // PERF_ATTR_SIZE_VER0: every kernel takes it.
    private const int AttributeSize = 64;
    private const ulong ExcludeUser = 1 << 4;
    private const nint CloseOnExec = 1 << 3; // PERF_FLAG_FD_CLOEXEC

    private const string Devices = "/sys/bus/event_source/devices", Paranoia = "/proc/sys/kernel/perf_event_paranoid";

    /// <summary>Opens a counter, which counts what the kernel does on a CPU.</summary>
    /// <param name="type">What kind of counter: PERF_TYPE_*.</param>
    /// <param name="config">Which.</param>
    /// <param name="name">What to call it when there is none.</param>
    /// <param name="cpu">The CPU.</param>
    /// <exception cref="BpfException">This machine has no such counter, or the kernel refused.</exception>
    public static SafeFileHandle Open(uint type, ulong config, string name, int cpu)
    {
        byte* attribute = stackalloc byte[AttributeSize];
        new Span<byte>(attribute, AttributeSize).Clear();
        // struct perf_event_attr: type, size, config; behind the period, the sample type and the read format, bits.
        *(uint*)attribute = type;
        *(uint*)(attribute + 4) = AttributeSize;
        *(ulong*)(attribute + 8) = config;
        *(ulong*)(attribute + 40) = ExcludeUser;
        nint descriptor = SystemCall(Number, (nint)attribute, -1, cpu, -1, CloseOnExec);
        if (descriptor >= 0) return new SafeFileHandle(descriptor, ownsHandle: true);
        var errno = (Errno)Marshal.GetLastPInvokeError();
        throw new BpfException("perf_event_open", errno, $"the counter of {name}", errno == Errno.ENODEV ? string.Create(CultureInfo.InvariantCulture, $"CPU {cpu} is not online any more.") : Explain(errno));
    }

    private static nint Number => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 298,
        Architecture.S390x => 331,
        Architecture.Ppc64le => 319,
        _ => 241, // include/uapi/asm-generic/unistd.h
    };

    private static string? Explain(Errno errno) => errno switch
    {
        Errno.ENOENT or Errno.EOPNOTSUPP or Errno.EINVAL => $"This machine has no such counter; virtual machines often have none. The sources of events that it has ({Devices}): {Sources()}.",
        Errno.EACCES or Errno.EPERM => $"CAP_PERFMON is needed (CAP_SYS_ADMIN before Linux 5.8), or less paranoia: {Paranoia} is {ReadParanoia()}.",
        _ => null,
    };

    private static string Sources()
    {
        try
        {
            return string.Join(", ", Directory.GetFileSystemEntries(Devices).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "it cannot be read";
        }
    }

    private static string ReadParanoia()
    {
        try
        {
            return File.ReadAllText(Paranoia).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "not to be read";
        }
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint a, nint b, nint c, nint d, nint e);
}
