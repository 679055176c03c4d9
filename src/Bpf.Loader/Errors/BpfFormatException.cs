using System;

namespace Bpf.Loader;

/// <summary>A file is malformed: the message says what is wrong, and where.</summary>
public sealed class BpfFormatException : BpfLoaderException
{
    /// <summary>Makes an exception for a finding in a file.</summary>
    /// <param name="message">What is wrong, and what was expected.</param>
    /// <param name="section">The section, such as <c>.BTF</c>; null when the finding is about the whole file.</param>
    /// <param name="offset">The byte offset in the section, or in the file when there is no section.</param>
    /// <param name="id">The stable id of the finding.</param>
    public BpfFormatException(string message, string? section = null, long? offset = null, BpfDiagnosticId id = BpfDiagnosticId.Malformed)
        : this(message, section, offset, id, cure: null, cause: null)
    {
    }

    /// <summary>Makes an exception for a finding in a file that something is known to help with.</summary>
    internal BpfFormatException(string message, string? section, long? offset, BpfDiagnosticId id, string? cure, string? cause = null)
        : base(new BpfFinding { Id = id, What = message, Place = new BpfLocation(section, offset), Cause = cause, Cure = cure })
    {
        Section = section;
        Offset = offset;
    }

    /// <summary>Makes an exception without a place.</summary>
    public BpfFormatException() : this("The file is malformed.")
    {
    }

    /// <summary>Makes an exception without a place.</summary>
    public BpfFormatException(string message) : this(message, section: null)
    {
    }

    /// <summary>Makes an exception with a cause and without a place.</summary>
    public BpfFormatException(string message, Exception innerException)
        : base(new BpfFinding { Id = BpfDiagnosticId.Malformed, What = message }, innerException)
    {
    }

    /// <summary>The section in which the finding is, or null.</summary>
    public string? Section { get; }

    /// <summary>The byte offset in <see cref="Section"/>, or in the file when there is no section.</summary>
    public long? Offset { get; }
}
