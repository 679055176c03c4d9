namespace Bpf.Loader;

/// <summary>This kernel lacks a feature that the request needs.</summary>
public sealed class BpfNotSupportedException : BpfException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="feature">What is missing, as a noun, such as <c>BPF cookies</c>.</param>
    /// <param name="sinceKernel">The first kernel that has it, such as <c>5.15</c>, or <see langword="null"/> when unknown.</param>
    /// <param name="command">The command that would have needed it.</param>
    /// <param name="errno">The kernel's answer; <see cref="Errno.EOPNOTSUPP"/> when it was not asked.</param>
    /// <param name="objectName">The object concerned, with its kind.</param>
    /// <param name="hint">What to do about it, in a full sentence.</param>
    public BpfNotSupportedException(
        string feature,
        string? sinceKernel,
        BpfCommand command,
        Errno errno = Errno.EOPNOTSUPP,
        string? objectName = null,
        string? hint = null)
        : this(BpfDiagnosticId.NotSupported, feature, sinceKernel, command, errno, objectName, hint)
    {
    }

    /// <summary>Creates the exception with the id of what is missing.</summary>
    internal BpfNotSupportedException(
        BpfDiagnosticId id, string feature, string? sinceKernel, BpfCommand command, Errno errno = Errno.EOPNOTSUPP, string? objectName = null, string? hint = null, string? kernel = null, string? cause = null)
        : this(feature, sinceKernel, command, errno, objectName, hint, Describe(id, feature, sinceKernel, errno, objectName, hint, kernel, cause))
    {
    }

    private BpfNotSupportedException(string feature, string? sinceKernel, BpfCommand command, Errno errno, string? objectName, string? hint, BpfFinding finding)
        : base(command, errno, objectName, hint, finding)
    {
        Feature = feature;
        SinceKernel = sinceKernel;
    }

    /// <summary>What is missing.</summary>
    public string Feature { get; }

    /// <summary>The first kernel that has it, if that is known.</summary>
    public string? SinceKernel { get; }

    /// <summary>The same refusal with the place that needs what is lacking.</summary>
    internal BpfNotSupportedException At(BpfLocation place) => new(Feature, SinceKernel, Command ?? BpfCommand.ProgLoad, Errno, ObjectName, Hint, Finding with { Place = place });

    // kernel: whose types were asked; null for the running one.
    private static BpfFinding Describe(BpfDiagnosticId id, string feature, string? sinceKernel, Errno errno, string? objectName, string? hint, string? kernel, string? cause)
    {
        string needs = objectName is null ? feature : $"{objectName} needs {feature}, which";
        string since = sinceKernel is null ? "." : $"; Linux {sinceKernel} is the first that has it.";
        return new BpfFinding
        {
            Id = id,
            What = $"{needs} is not {(kernel is null ? "supported by this kernel" : $"in {kernel}")}{since}",
            Cause = cause,
            Cure = hint,
            KernelWords = errno == Errno.EOPNOTSUPP ? null : Describe(errno),
        };
    }
}
