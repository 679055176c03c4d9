namespace Bpf.Loader.Diagnostics.Verifier;

/// <summary>Explains one kind of refusal.</summary>
internal interface IVerifierRule
{
    /// <summary>Explains a refusal; null when it is of another kind.</summary>
    BpfFinding? Explain(VerifierCase refusal);
}
