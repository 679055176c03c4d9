using System;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel.Abilities;
using Bpf.Loader.Links.Targets;

namespace Bpf.Loader.Links;

/// <summary>Many kernel functions with one link (5.18).</summary>
[SupportedOSPlatform("linux")]
internal static class KprobeMultiAttacher
{
    private const uint AtReturnFlag = 1; // BPF_F_KPROBE_MULTI_RETURN

    public static BpfLink AttachPattern(ProgramToAttach program, string pattern, bool atReturn)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        if (!GlobPattern.IsPattern(pattern)) return Attach(program, [pattern], [], atReturn);

        string target = $"{Kind(program, atReturn)} {pattern}";
        IReadOnlyList<ulong> addresses = TraceableFunctions.FindAddresses(program, target, pattern);
        return Create(program, [], [.. addresses], [], atReturn, target);
    }

    public static BpfLink Attach(ProgramToAttach program, string[] functions, ulong[] cookies, bool atReturn)
    {
        string target = $"{Kind(program, atReturn)} {string.Join(',', functions)}";
        return Create(program, functions, [], cookies, atReturn, target);
    }

    public static BpfLink Attach(ProgramToAttach program, ulong[] addresses, ulong[] cookies, bool atReturn) => Create(
        program, [], addresses, cookies, atReturn,
        string.Create(CultureInfo.InvariantCulture, $"{Kind(program, atReturn)} at {addresses.Length} addresses"));

    private static string Kind(ProgramToAttach program, bool atReturn) =>
        program.AttachType == BpfAttachType.TraceKprobeSession ? "kprobe.session" : atReturn ? "kretprobe.multi" : "kprobe.multi";

    private static KernelLink Create(
        ProgramToAttach program, string[] functions, ulong[] addresses, ulong[] cookies, bool atReturn, string target)
    {
        if (functions.Length + addresses.Length == 0) throw new ArgumentException("No function is given.", nameof(functions));
        bool isSession = program.AttachType == BpfAttachType.TraceKprobeSession;
        var request = new LinkCreateRequest
        {
            Program = program.Handle,
            AttachType = isSession ? BpfAttachType.TraceKprobeSession : BpfAttachType.TraceKprobeMulti,
        };
        uint flags = atReturn && !isSession ? AtReturnFlag : 0;
        FileDescriptorHandle? link = functions.Length > 0
            ? BpfSyscall.LinkCreateKprobeMulti(request, flags, functions, cookies, out Errno errno)
            : BpfSyscall.LinkCreateKprobeMulti(request, flags, addresses, cookies, out errno);
        return link is not null ? new KernelLink(link, target) : throw Explain(program, errno, target, functions, isSession);
    }

    private static BpfException Explain(ProgramToAttach program, Errno errno, string target, string[] functions, bool isSession)
    {
        if (errno is Errno.EOPNOTSUPP or Errno.ENOTSUPP)
            return new BpfNotSupportedException("kprobes at many functions (CONFIG_FPROBE)", "5.18", BpfCommand.LinkCreate, errno, target);
        if (HookAbilities.FindLack(isSession ? BpfAttachType.TraceKprobeSession : BpfAttachType.TraceKprobeMulti, errno) is KernelLack lack)
            return lack.ToException(BpfCommand.LinkCreate, errno, target);

        // The kernel says ESRCH or ENOENT for a symbol that it cannot resolve, EINVAL for one that ftrace does not know, and not for which.
        if (errno is Errno.ESRCH or Errno.ENOENT or Errno.EINVAL && Culprit(program, functions, errno) is string culprit)
            return KernelFunctionFailure.Of("BPF_LINK_CREATE", errno, program, culprit, target, byFtrace: true);
        string? hint = errno switch
        {
            Errno.ESRCH or Errno.ENOENT => "One of the functions does not exist, or cannot be traced (see available_filter_functions in tracefs).",
            Errno.EINVAL when program.AttachType is not (BpfAttachType.TraceKprobeMulti or BpfAttachType.TraceKprobeSession)
                => "The program must be loaded for it: its section is kprobe.multi, or its expected attach type TraceKprobeMulti.",
            Errno.EINVAL => "An address must be that of a traceable function (available_filter_functions in tracefs), and each be given once.",
            Errno.E2BIG => "The kernel takes about a million functions at once, and no more.",
            _ => null,
        };
        return AttachFailure.Of(BpfCommand.LinkCreate, errno, program, target, hint);
    }

    // The function for which the kernel refused them all.
    private static string? Culprit(ProgramToAttach program, string[] functions, Errno errno)
    {
        if (functions.Length == 0 || program.AttachType is not (BpfAttachType.TraceKprobeMulti or BpfAttachType.TraceKprobeSession)) return null;
        if (TraceableFunctions.Missing(functions) is { } missing) return missing.Count > 0 ? missing[0] : null;
        return functions.Length == 1 && errno != Errno.EINVAL ? functions[0] : null;
    }
}
