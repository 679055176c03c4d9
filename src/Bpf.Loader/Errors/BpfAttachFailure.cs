namespace Bpf.Loader;

/// <summary>A program or struct_ops map that could not be attached, and why.</summary>
/// <param name="Name">The name of the program or map.</param>
/// <param name="Error">Why.</param>
public sealed record BpfAttachFailure(string Name, BpfLoaderException Error);
