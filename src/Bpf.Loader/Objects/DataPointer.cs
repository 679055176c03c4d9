namespace Bpf.Loader.Objects;

/// <summary>What a pointer in a variable should point to.</summary>
/// <param name="What">What that is, as in <c>the map 'counts'</c>.</param>
/// <param name="Cure">What to write instead: a sentence.</param>
internal readonly record struct DataPointer(string What, string Cure);
