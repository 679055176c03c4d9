using Bpf.Loader.Objects;

namespace Bpf.Loader.Relocation;

/// <summary>An instruction of a linked program that waits for a number which only the kernel can give, such as a map's descriptor.</summary>
/// <param name="Instruction">The index of the instruction in the linked program.</param>
/// <param name="Relocation">What is referred to; its own instruction index counts in the function that it comes from.</param>
internal readonly record struct LinkedReference(int Instruction, CodeRelocation Relocation);
