namespace Bpf.Loader.Classic;

/// <summary>
/// What a filter of system calls decides: the upper half of its result, the lower is data (<c>include/uapi/linux/seccomp.h</c>).
/// </summary>
public enum SeccompAction : uint
{
    /// <summary>SECCOMP_RET_KILL_THREAD: the thread ends.</summary>
    KillThread = 0,

    /// <summary>SECCOMP_RET_TRAP: the thread gets SIGSYS.</summary>
    Trap = 0x0003_0000,

    /// <summary>SECCOMP_RET_ERRNO: the call fails with the error that the data says.</summary>
    Errno = 0x0005_0000,

    /// <summary>SECCOMP_RET_USER_NOTIF: another process decides (5.0).</summary>
    Notify = 0x7fc0_0000,

    /// <summary>SECCOMP_RET_TRACE: a tracer decides.</summary>
    Trace = 0x7ff0_0000,

    /// <summary>SECCOMP_RET_LOG: the call is made, and logged (4.14).</summary>
    Log = 0x7ffc_0000,

    /// <summary>SECCOMP_RET_ALLOW: the call is made.</summary>
    Allow = 0x7fff_0000,

    /// <summary>SECCOMP_RET_KILL_PROCESS: the process ends (4.14).</summary>
    KillProcess = 0x8000_0000,
}
