using System;
using System.Collections.Generic;
using System.Threading;

namespace Bpf.Loader.Diagnostics;

/// <summary>What is found at an object, from its load on: kept for who asks later, and told to who wanted to be told.</summary>
internal sealed class Findings(IReadOnlyList<BpfFinding> found, Action<BpfFinding>? told)
{
    private readonly Lock _gate = new();
    private BpfFinding[] _all = [.. found];

    /// <summary>All findings so far.</summary>
    public IReadOnlyList<BpfFinding> All => Volatile.Read(ref _all);

    /// <summary>Adds a finding, mostly a warning.</summary>
    public void Report(BpfDiagnosticId id, string what, string? symbol = null, BpfSeverity severity = BpfSeverity.Warning, string? cause = null, string? cure = null)
    {
        var finding = new BpfFinding { Id = id, Severity = severity, What = what, Place = new BpfLocation(Symbol: symbol), Cause = cause, Cure = cure };
        Keep(finding);
        told?.Invoke(finding);
    }

    /// <summary>Adds a warning when nobody called who could catch what the listener throws.</summary>
    public void ReportSafely(BpfDiagnosticId id, string what, string cause, string cure)
    {
        try
        {
            Report(id, what, cause: cause, cure: cure);
        }
        catch (Exception)
        {
            // It would end the process.
        }
    }

    private void Keep(BpfFinding finding)
    {
        lock (_gate) Volatile.Write(ref _all, [.. _all, finding]);
    }
}
