using System;

namespace Bpf.Loader.Testing;

/// <summary>
/// A test cannot run where it was to run, for a reason that is no fault of the program: rights that are missing, a kernel that is too old,
/// a type of program that has no test run. Tests take it as a reason to be skipped.
/// </summary>
public sealed class BpfUnavailableException : Exception
{
    /// <summary>Makes an exception.</summary>
    public BpfUnavailableException()
        : this("The test cannot run here.")
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">Why it cannot.</param>
    public BpfUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">Why it cannot.</param>
    /// <param name="innerException">What was refused.</param>
    public BpfUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
