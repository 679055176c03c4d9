namespace Bpf.Loader.Testing;

/// <summary>What a helper or kernel function does in the machine.</summary>
/// <param name="call">The call: its arguments, and the memory that they point to.</param>
/// <returns>What the program gets in R0.</returns>
public delegate ulong BpfHelperBody(BpfCall call);
