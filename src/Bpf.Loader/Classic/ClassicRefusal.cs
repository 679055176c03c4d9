using System.Globalization;

namespace Bpf.Loader.Classic;

/// <summary>Why the kernel would not take a filter.</summary>
/// <param name="Instruction">The index of the instruction at fault; -1 when it is the filter as a whole.</param>
/// <param name="Reason">What is wrong, in a full sentence.</param>
public readonly record struct ClassicRefusal(int Instruction, string Reason)
{
    /// <summary>The place and the reason.</summary>
    public override string ToString() =>
        Instruction < 0 ? Reason : string.Create(CultureInfo.InvariantCulture, $"Instruction {Instruction}: {Reason}");
}
