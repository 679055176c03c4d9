using System;

namespace Bpf.Loader;

/// <summary>A program or struct_ops map that could not be attached, and why.</summary>
/// <param name="Name">The name of the program or map.</param>
/// <param name="Error">Why: a <see cref="BpfException"/> or a <see cref="BpfFormatException"/>.</param>
public sealed record BpfAttachFailure(string Name, Exception Error);
