namespace Bpf.Tool.Compilation;

/// <summary>A compiler.</summary>
/// <param name="Path">Its executable.</param>
/// <param name="Version">Its major version.</param>
internal sealed record Clang(string Path, int Version);
