namespace Bpf.Loader.Relocation;

/// <summary>Why a relocation cannot be carried out, before it is known where.</summary>
/// <param name="Id">The stable id.</param>
/// <param name="Reason">What is wrong, a sentence.</param>
/// <param name="Cure">What to do about it; null when nothing is known to help.</param>
/// <param name="Cause">Why it is so; null when the reason says it.</param>
internal readonly record struct CoReProblem(BpfDiagnosticId Id, string Reason, string? Cure = null, string? Cause = null);
