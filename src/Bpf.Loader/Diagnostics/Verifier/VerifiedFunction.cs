using Bpf.Loader.Btf;

namespace Bpf.Loader.Diagnostics.Verifier;

/// <summary>A function of a program that was given to the verifier.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Start">Its first instruction.</param>
/// <param name="End">The instruction behind its last.</param>
/// <param name="StackBytes">How much of the stack its instructions name.</param>
/// <param name="Calls">The first instructions of the functions that it calls.</param>
/// <param name="TypeId">Its type; void when it has none.</param>
internal sealed record VerifiedFunction(string Name, int Start, int End, int StackBytes, int[] Calls, BtfTypeId TypeId);
