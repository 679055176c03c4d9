namespace Bpf.Loader.Relocation;

/// <summary>Why a relocation cannot be carried out, before it is known where.</summary>
/// <param name="Id">The stable id.</param>
/// <param name="Reason">What is wrong, a sentence.</param>
internal readonly record struct CoReProblem(BpfDiagnosticId Id, string Reason);
