namespace Bpf.Loader.Fuzz.Running;

/// <summary>Inputs of one target that one process runs.</summary>
/// <param name="Target">The target.</param>
/// <param name="From">The first input.</param>
/// <param name="Count">How many there are.</param>
internal readonly record struct Stretch(FuzzTarget Target, long From, long Count);
