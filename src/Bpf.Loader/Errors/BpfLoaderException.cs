using System;

namespace Bpf.Loader;

/// <summary>What this library refuses, or the kernel refused it: one type to catch for all of them, each with its stable id.</summary>
/// <remarks>
/// Wrong arguments and disposed objects are reported as everywhere in .NET, and not by this exception. The message is the finding: in a
/// line, or with the line of C where that is known. <see cref="Exception.HelpLink"/> leads to what is written about the id.
/// </remarks>
public abstract class BpfLoaderException : Exception
{
    /// <summary>Makes a refusal.</summary>
    /// <param name="finding">What is wrong, where, and what to do.</param>
    /// <param name="innerException">What it follows from; or null.</param>
    protected BpfLoaderException(BpfFinding finding, Exception? innerException = null)
        : base(FindingText.ExceptionMessage(finding), innerException)
    {
        Finding = finding;
        HelpLink = finding.Id.ToHelpLink();
    }

    /// <summary>The stable id of the reason, the same in the library, the tool and the build.</summary>
    public BpfDiagnosticId Id => Finding.Id;

    /// <summary>All that is told about it, in fields: what, where, why, and what to do.</summary>
    public BpfFinding Finding { get; }
}
