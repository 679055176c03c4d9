using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Classic;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Links;

/// <summary>Puts filters of classic BPF on the system calls of threads (seccomp).</summary>
[SupportedOSPlatform("linux")]
public static class SeccompFilter
{
    private const string Target = "the system calls of this thread", AllThreads = "the system calls of this process";

    /// <summary>
    /// Puts a filter on the calling thread, or on all threads of the process. It stays for as long as they are, and for all that they start:
    /// nothing takes it off.
    /// </summary>
    /// <param name="filter">The filter: its loads read <c>struct seccomp_data</c>, and its result is a <see cref="SeccompAction"/> with data.</param>
    /// <param name="options">For whom and how; null for the calling thread.</param>
    /// <exception cref="BpfAttachException">
    /// The filter is not one that the kernel takes, and the message names the instruction; or the kernel refused, and the message says why.
    /// </exception>
    /// <remarks>
    /// Linux 3.17. Without <see cref="SeccompOptions.NoNewPrivileges"/> CAP_SYS_ADMIN. A filter should look at the architecture (offset 4)
    /// before it looks at the number of the call. Tasks and the thread pool move between threads: put a filter on a thread of your own, or on all.
    /// </remarks>
    public static void Install(ClassicFilter filter, SeccompOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(filter);
        options ??= new SeccompOptions();
        string target = options.AllThreads ? AllThreads : Target;
        if (filter.Check(ClassicFilterUse.Seccomp) is { } refusal) throw Refused(target, refusal.ToString(), Errno.EINVAL, null);
        if (options.NoNewPrivileges && Seccomp.SetNoNewPrivileges() is not Errno.None and var denied)
            throw Refused(target, $"prctl(PR_SET_NO_NEW_PRIVS) failed with {BpfException.Describe(denied)}.", denied, null);
        Errno errno = Seccomp.Install(MemoryMarshal.AsBytes(filter.Instructions.Span), options.AllThreads, options.Log, out int thread);
        if (thread > 0)
        {
            throw Refused(
                target, $"thread {thread} has a filter that this thread does not have.", Errno.ESRCH,
                "Put the filter on all threads before any of them gets one of its own, or on single threads only.");
        }

        if (errno == Errno.None) return;
        string? hint = errno switch
        {
            Errno.EACCES => "Without NoNewPrivileges, which keeps the thread from gaining rights by what it executes, the thread needs CAP_SYS_ADMIN in its user namespace.",
            Errno.EINVAL => "The kernel does not know what was asked of it: filters came with Linux 3.5 and CONFIG_SECCOMP_FILTER, seccomp(2) with 3.17, the log with 4.14.",
            Errno.ENOMEM => "The filters of the thread have more than 32,768 instructions together, of which each filter costs four more than it has.",
            _ => Refusal.OfCall("seccomp", errno, null, Capability.SysAdmin).Hint,
        };
        throw Refused(target, $"seccomp failed with {BpfException.Describe(errno)}.", errno, hint);
    }

    private static BpfAttachException Refused(string target, string reason, Errno errno, string? hint) => new(
        errno is Errno.EPERM or Errno.EACCES ? BpfDiagnosticId.AttachNotPermitted : BpfDiagnosticId.AttachFailed,
        target, $"The filter cannot be put on {target}: {reason}", errno, "seccomp", hint);
}
