using Bpf.Loader.Diagnostics;

namespace Bpf.Loader;

/// <summary>The verifier refused a program. The message begins with the failing line of C source, where the log names one.</summary>
public sealed class BpfVerifierException : BpfException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="errno">The kernel's answer.</param>
    /// <param name="programName">The program's name.</param>
    /// <param name="log">The verifier's whole log.</param>
    /// <param name="hint">What to do about it, in a full sentence.</param>
    public BpfVerifierException(Errno errno, string programName, string log, string? hint = null)
        : this(errno, programName, log, null, hint)
    {
    }

    /// <summary>Creates the exception with a better reason than the verifier can give, which does not know what was relocated.</summary>
    internal BpfVerifierException(Errno errno, string programName, string log, string? reason, string? hint)
        : base(BpfCommand.ProgLoad, errno, $"program '{programName}'", hint, IdOf(errno), Describe(errno, programName, reason ?? VerifierLog.Summarize(log), hint))
    {
        ProgramName = programName;
        Log = log;
        Summary = reason ?? VerifierLog.Summarize(log);
    }

    /// <summary>The program's name.</summary>
    public string ProgramName { get; }

    /// <summary>The verifier's whole log.</summary>
    public string Log { get; }

    /// <summary>The failing source line and the verifier's last word, or <see langword="null"/> when the log holds neither.</summary>
    public string? Summary { get; }

    // The verifier itself answers with EACCES; the rights of the process are another matter.
    private static BpfDiagnosticId IdOf(Errno errno) => errno == Errno.EPERM ? BpfDiagnosticId.NotPermitted : BpfDiagnosticId.ProgramRefused;

    private static string Describe(Errno errno, string programName, string? summary, string? hint)
    {
        string refusal = Describe(BpfCommand.ProgLoad.ToUapiName(), errno, $"program '{programName}'", hint, IdOf(errno));
        return summary is null ? refusal : $"{summary}\n{refusal}";
    }
}
