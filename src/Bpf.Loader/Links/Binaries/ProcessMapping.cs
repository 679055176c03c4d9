namespace Bpf.Loader.Links.Binaries;

/// <summary>A file mapped by a process.</summary>
/// <param name="Start">The first address.</param>
/// <param name="End">The address behind the last.</param>
/// <param name="Offset">Where in the file the mapping begins.</param>
/// <param name="IsExecutable">True for code.</param>
/// <param name="Path">The file, in the process's own view, or a word in brackets such as <c>[stack]</c>.</param>
internal readonly record struct ProcessMapping(ulong Start, ulong End, ulong Offset, bool IsExecutable, string Path);
