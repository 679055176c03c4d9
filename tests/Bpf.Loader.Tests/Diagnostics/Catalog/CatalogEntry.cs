namespace Bpf.Loader.Tests.Diagnostics.Catalog;

/// <summary>What is written of an id: the table that <c>docs/diagnostics.md</c> is made from, and that <c>bpf explain ID</c> prints.</summary>
/// <param name="Id">The id; its title is the summary of the enumeration's member.</param>
/// <param name="Example">What leads to it: code, a command, or a description.</param>
/// <param name="Cause">Why.</param>
/// <param name="Cure">What to do.</param>
internal sealed record CatalogEntry(BpfDiagnosticId Id, string Example, string Cause, string Cure);
