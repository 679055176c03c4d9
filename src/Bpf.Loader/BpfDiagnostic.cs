namespace Bpf.Loader;

/// <summary>A finding that does not stop the work.</summary>
/// <param name="Id">The stable id.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Message">What was found and what to do about it, one sentence.</param>
/// <param name="Location">Where it was found.</param>
public readonly record struct BpfDiagnostic(BpfDiagnosticId Id, BpfSeverity Severity, string Message, BpfLocation Location)
{
    /// <summary>One line: place, severity, id and message, in the order that compilers use.</summary>
    public override string ToString()
    {
        string place = Location.ToString();
        string severity = Severity switch { BpfSeverity.Info => "info", BpfSeverity.Warning => "warning", _ => "error" };
        return place.Length == 0 ? $"{severity} {Id.ToCode()}: {Message}" : $"{place}: {severity} {Id.ToCode()}: {Message}";
    }
}
