using System;
using Bpf.Loader.Diagnostics;
using Bpf.Loader.Diagnostics.Verifier;

namespace Bpf.Loader;

/// <summary>
/// The verifier refused a program. The message says what is wrong, where in C, where the value at fault came from, why, what to do, and
/// last what the kernel said.
/// </summary>
public sealed class BpfVerifierException : BpfException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="errno">The kernel's answer.</param>
    /// <param name="programName">The program's name.</param>
    /// <param name="log">The verifier's whole log.</param>
    /// <param name="hint">What to do about it, in a full sentence.</param>
    public BpfVerifierException(Errno errno, string programName, string log, string? hint = null)
        : this(errno, programName, log, VerifierExplainer.Explain(new VerifiedProgram { Name = programName }, log, errno), hint)
    {
    }

    /// <summary>Creates the exception with a finding that was made by who knows more of the program than the verifier.</summary>
    internal BpfVerifierException(Errno errno, string programName, string log, BpfFinding finding, string? hint)
        : base(BpfCommand.ProgLoad, errno, $"program '{programName}'", hint ?? finding.Cure, Complete(errno, programName, finding, hint))
    {
        ProgramName = programName;
        Log = log;
        Summary = VerifierLog.Summarize(log);
    }

    /// <summary>The program's name.</summary>
    public string ProgramName { get; }

    /// <summary>The verifier's log: all of it, or its end where it is longer than 16 MiB (its beginning before Linux 6.4).</summary>
    public string Log { get; }

    /// <summary>The failing source line and the verifier's last word, or <see langword="null"/> when the log holds neither.</summary>
    public string? Summary { get; }

    /// <summary>Explains the log of a verifier, of any kernel since 5.10, of which the object is not at hand.</summary>
    /// <param name="log">The log, from the first line that the verifier wrote; its end is enough for most.</param>
    /// <remarks>With the object at hand, <see cref="BpfRelocatedProgram.Explain"/> knows more: names of maps and members, lines of C.</remarks>
    public static BpfFinding Explain(string log)
    {
        ArgumentNullException.ThrowIfNull(log);
        return VerifierExplainer.Explain(VerifiedProgram.Unknown, log, Errno.None);
    }

    private static BpfFinding Complete(Errno errno, string programName, BpfFinding finding, string? hint)
    {
        // The verifier itself answers with EACCES; the rights of the process are another matter.
        bool isRight = errno == Errno.EPERM && finding.Id == BpfDiagnosticId.ProgramRefused;

        // The place names the function at fault, which is not always the program's own.
        bool isElsewhere = finding.Place.Symbol is string symbol && !symbol.StartsWith(programName, StringComparison.Ordinal)
            && finding.Cause?.Contains(programName, StringComparison.Ordinal) != true;
        return finding with
        {
            Id = isRight ? BpfDiagnosticId.NotPermitted : finding.Id,
            Place = finding.Place.Symbol is null ? finding.Place with { Symbol = programName } : finding.Place,
            Origins = isElsewhere ? [.. finding.Origins, new BpfOrigin($"program '{programName}', which calls it", default)] : finding.Origins,
            Cure = hint is null || finding.Cure is null ? finding.Cure ?? hint : $"{finding.Cure} {hint}",
        };
    }
}
