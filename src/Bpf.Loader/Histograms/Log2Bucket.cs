namespace Bpf.Loader;

/// <summary>A slot of a <see cref="Log2Histogram"/>.</summary>
/// <param name="From">The least value that it counts.</param>
/// <param name="To">The greatest; null for the last slot of a histogram of fewer than 64, which counts all that are greater, too.</param>
/// <param name="Count">How many values it counted.</param>
public readonly record struct Log2Bucket(ulong From, ulong? To, ulong Count);
