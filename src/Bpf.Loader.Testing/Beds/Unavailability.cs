namespace Bpf.Loader.Testing.Beds;

/// <summary>Which refusals say that a test cannot run here, rather than that the program is wrong.</summary>
internal static class Unavailability
{
    /// <summary>True for want of rights, and for what this kernel has not.</summary>
    public static bool IsMeant(BpfException refusal) =>
        refusal is BpfNotSupportedException || refusal.Id is BpfDiagnosticId.NotPermitted or BpfDiagnosticId.AttachNotPermitted or BpfDiagnosticId.NotSupported;

    /// <summary>The reason to skip the test with.</summary>
    public static BpfUnavailableException Of(BpfException refusal) => new($"On this kernel it cannot be: {refusal.Message}", refusal);
}
