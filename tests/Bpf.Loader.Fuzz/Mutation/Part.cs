namespace Bpf.Loader.Fuzz.Mutation;

/// <summary>A stretch of a file that is something by itself: a header, a section, a symbol, a type.</summary>
/// <param name="Offset">Where it begins.</param>
/// <param name="Length">Its length in bytes.</param>
internal readonly record struct Part(int Offset, int Length);
