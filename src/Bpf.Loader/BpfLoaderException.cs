using System;

namespace Bpf.Loader;

/// <summary>What this library refuses, or the kernel refused it: one type to catch for all of them, each with its stable id.</summary>
/// <remarks>Wrong arguments and disposed objects are reported as everywhere in .NET, and not by this exception.</remarks>
public abstract class BpfLoaderException : Exception
{
    private protected BpfLoaderException(BpfDiagnosticId id, string message, Exception? innerException = null)
        : base(message, innerException) => Id = id;

    /// <summary>The stable id of the reason, the same in the library, the tool and the build.</summary>
    public BpfDiagnosticId Id { get; }
}
