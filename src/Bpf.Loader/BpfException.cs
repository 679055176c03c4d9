using System.Runtime.InteropServices;
using System.Text;

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
        : this(command, errno, objectName, hint, id, Describe(command.ToUapiName(), errno, objectName, hint, id))
    {
    }

    /// <summary>Creates the exception for any other system call, with the id of the reason.</summary>
    internal BpfException(string operation, Errno errno, string? objectName, string? hint, BpfDiagnosticId id)
        : this(operation, errno, objectName, hint, id, Describe(operation, errno, objectName, hint, id))
    {
    }

    /// <summary>Creates the exception for any system call, with a message of the derived class.</summary>
    private protected BpfException(string operation, Errno errno, string? objectName, string? hint, BpfDiagnosticId id, string message)
        : base(id, message)
    {
        Operation = operation;
        Errno = errno;
        ObjectName = objectName;
        Hint = hint;
    }

    /// <summary>Creates the exception with a message of the derived class.</summary>
    private protected BpfException(BpfCommand command, Errno errno, string? objectName, string? hint, BpfDiagnosticId id, string message)
        : base(id, message)
    {
        Command = command;
        Operation = command.ToUapiName();
        Errno = errno;
        ObjectName = objectName;
        Hint = hint;
    }

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

    private protected static string Describe(string operation, Errno errno, string? objectName, string? hint, BpfDiagnosticId id)
    {
        var text = new StringBuilder(operation);
        if (objectName is not null)
            text.Append(" of ").Append(objectName);
        text.Append(" failed: ").Append(Describe(errno)).Append('.');
        if (hint is null)
            return text.ToString();
        text.Append(' ');
        if (id != BpfDiagnosticId.KernelRefused)
            text.Append(id.ToCode()).Append(": ");
        text.Append(hint);
        return text.ToString();
    }
}
