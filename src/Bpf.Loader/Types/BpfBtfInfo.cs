namespace Bpf.Loader;

/// <summary>What the kernel tells of BTF that it holds.</summary>
/// <param name="Id">Its number, which is never used twice.</param>
/// <param name="Name">The name of the module, or <c>vmlinux</c>; empty for the BTF of programs and maps (Linux 5.11).</param>
/// <param name="Size">Its bytes.</param>
/// <param name="IsKernel">True for the kernel's own and its modules' (Linux 5.11).</param>
public sealed record BpfBtfInfo(uint Id, string Name, uint Size, bool IsKernel);
