using System.Runtime.InteropServices;

namespace Bpf.Loader;

/// <summary>The kernel refused a system call: which one, for which object, why, and what to do about it.</summary>
/// <remarks>
/// Expected outcomes, such as a missing key, are never reported by this exception but by a <see langword="bool"/>. The id is
/// <see cref="BpfDiagnosticId.KernelRefused"/> when the reason has none of its own.
/// </remarks>
public class BpfException : BpfLoaderException
{
    /// <summary>Creates the exception for a command of bpf(2).</summary>
    /// <param name="command">The refused command.</param>
    /// <param name="errno">The kernel's answer.</param>
    /// <param name="objectName">The map, program, link or file concerned, with its kind, such as <c>map 'events'</c>.</param>
    /// <param name="hint">What to do about it, in a full sentence.</param>
    public BpfException(BpfCommand command, Errno errno, string? objectName, string? hint)
        : this(command, errno, objectName, hint, BpfDiagnosticId.KernelRefused)
    {
    }

    /// <summary>Creates the exception for a system call other than bpf(2), such as perf_event_open(2).</summary>
    /// <param name="operation">The refused call, such as <c>perf_event_open</c>.</param>
    /// <param name="errno">The kernel's answer.</param>
    /// <param name="objectName">The object concerned, with its kind.</param>
    /// <param name="hint">What to do about it, in a full sentence.</param>
    public BpfException(string operation, Errno errno, string? objectName, string? hint)
        : this(operation, errno, objectName, hint, BpfDiagnosticId.KernelRefused)
    {
    }

    /// <summary>Creates the exception for a command of bpf(2), with the id of the reason.</summary>
    internal BpfException(BpfCommand command, Errno errno, string? objectName, string? hint, BpfDiagnosticId id)
        : this(command, errno, objectName, hint, Describe(id, command.ToUapiName(), errno, objectName, hint))
    {
    }

    /// <summary>Creates the exception for any other system call, with the id of the reason.</summary>
    internal BpfException(string operation, Errno errno, string? objectName, string? hint, BpfDiagnosticId id)
        : this(operation, errno, objectName, hint, Describe(id, operation, errno, objectName, hint))
    {
    }

    /// <summary>Creates the exception for any system call, with a finding of the derived class.</summary>
    private protected BpfException(string operation, Errno errno, string? objectName, string? hint, BpfFinding finding)
        : base(finding)
    {
        Operation = operation;
        Errno = errno;
        ObjectName = objectName;
        Hint = hint ?? ResourceHint(errno);
    }

    /// <summary>Creates the exception for a command of bpf(2), with a finding of the derived class.</summary>
    private protected BpfException(BpfCommand command, Errno errno, string? objectName, string? hint, BpfFinding finding)
        : this(command.ToUapiName(), errno, objectName, hint, finding) => Command = command;

    /// <summary>The refused command, or <see langword="null"/> when the call was not bpf(2).</summary>
    public BpfCommand? Command { get; }

    /// <summary>The refused call by its Linux name, such as <c>BPF_MAP_CREATE</c> or <c>perf_event_open</c>.</summary>
    public string Operation { get; }

    /// <summary>The kernel's answer.</summary>
    public Errno Errno { get; }

    /// <summary>The object concerned, with its kind, if there is one.</summary>
    public string? ObjectName { get; }

    /// <summary>What to do about it, if that is known.</summary>
    public string? Hint { get; }

    /// <summary>The error by its Linux name and meaning, such as <c>EPERM (Operation not permitted)</c>.</summary>
    internal static string Describe(Errno errno)
    {
        // 524 is the kernel's own and unknown to strerror(3).
        string meaning = errno == Errno.ENOTSUPP ? "Operation is not supported" : Marshal.GetPInvokeErrorMessage((int)errno);
        return $"{errno} ({meaning})";
    }

    // What any call may lack, and what to do about it.
    private static string? ResourceHint(Errno errno) => errno switch
    {
        Errno.EMFILE => "The process has no file descriptor left: raise its limit ('ulimit -n', LimitNOFILE= of systemd), or look with 'ls -l /proc/PID/fd' for what it does not close.",
        Errno.ENFILE => "The system has no file left to open: fs.file-max is reached.",
        Errno.ENOMEM => "The kernel has no memory left for it, or the memory that the process's cgroup may use is at its limit.",
        _ => null,
    };

    private static BpfFinding Describe(BpfDiagnosticId id, string operation, Errno errno, string? objectName, string? hint) => new()
    {
        Id = id,
        What = objectName is null ? $"{operation} is refused." : $"{operation} of {objectName} is refused.",
        Cure = hint ?? ResourceHint(errno),
        KernelWords = Describe(errno),
    };
}
