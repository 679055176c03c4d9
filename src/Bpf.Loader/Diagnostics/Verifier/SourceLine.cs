namespace Bpf.Loader.Diagnostics.Verifier;

/// <summary>A line of C.</summary>
/// <param name="File">The file, as the compiler was given it; null when only the text is known.</param>
/// <param name="Line">Its number, from 1; 0 when unknown.</param>
/// <param name="Column">The column, from 1; 0 when unknown.</param>
/// <param name="Text">The text, with its indentation.</param>
internal sealed record SourceLine(string? File, int Line, int Column, string Text);
