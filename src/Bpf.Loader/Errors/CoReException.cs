using System;

namespace Bpf.Loader;

/// <summary>
/// A CO-RE relocation cannot be carried out: the object is damaged, the target's types leave the answer open, or the answer does
/// not fit into the instruction. A type or member that the target merely lacks is no error: the instruction is made one that the
/// verifier refuses if it can be reached.
/// </summary>
public sealed class CoReException : BpfLoaderException
{
    /// <summary>Makes an exception for a relocation.</summary>
    /// <param name="id">The stable id of the finding.</param>
    /// <param name="reason">What is wrong, a sentence.</param>
    /// <param name="relocation">What the program asks, as in <c>&lt;byte_off&gt; [2] struct task_struct.pid (0:1 @ offset 8)</c>.</param>
    /// <param name="location">Where the program asks it.</param>
    public CoReException(BpfDiagnosticId id, string reason, string? relocation = null, BpfLocation location = default)
        : this(id, reason, relocation, location, cure: null, cause: null)
    {
    }

    /// <summary>Makes an exception for a relocation that something is known to help with.</summary>
    internal CoReException(BpfDiagnosticId id, string reason, string? relocation, BpfLocation location, string? cure, string? cause)
        : base(new BpfFinding { Id = id, What = reason, Place = location, Cause = relocation is null ? cause : $"{(cause is null ? "" : cause + " ")}The relocation is {relocation}.", Cure = cure })
    {
        Reason = reason;
        Relocation = relocation;
        Location = location;
    }

    /// <summary>Makes an exception without details.</summary>
    public CoReException() : this(BpfDiagnosticId.BadCoReRecord, "A CO-RE relocation cannot be carried out.")
    {
    }

    /// <summary>Makes an exception with a message.</summary>
    public CoReException(string message) : this(BpfDiagnosticId.BadCoReRecord, message)
    {
    }

    /// <summary>Makes an exception with a cause.</summary>
    public CoReException(string message, Exception innerException)
        : base(new BpfFinding { Id = BpfDiagnosticId.BadCoReRecord, What = message }, innerException) => Reason = message;

    /// <summary>What is wrong, a sentence.</summary>
    public string Reason { get; }

    /// <summary>What the program asks, in the words of libbpf's log; null when that cannot be told.</summary>
    public string? Relocation { get; }

    /// <summary>Where the program asks it: the C line if the object says.</summary>
    public BpfLocation Location { get; }
}
