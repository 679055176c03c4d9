using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Testing.Execution;

namespace Bpf.Loader.Testing.Compilation;

/// <summary>
/// The places of the stack that may be local variables of the compiled code: in programs that make no pointer to their stacks, those that
/// are always accessed as one number, and never before they were written. A loop then waits for no memory.
/// </summary>
internal sealed class StackSlots
{
    // Each is stored where the code is left, and loaded where it is entered.
    private const int Maximum = 8;

    private readonly Dictionary<int, int> _sizes = [];

    /// <summary>Finds them.</summary>
    public StackSlots(MachineCode code, WrittenStack written)
    {
        Dictionary<int, int> found = [];
        HashSet<int> refused = [];
        for (int i = 0; i < code.Length; i++)
        {
            DecodedInstruction instruction = code[i];
            if (SizeOf(instruction.Operation) is not { } size)
            {
                if (instruction.Destination == 10 || instruction.Source == 10) return;
                continue;
            }

            // A pointer to the stack that is kept somewhere.
            if (IsStore(instruction.Operation) && instruction.Source == 10) return;
            if (found.TryAdd(instruction.Target, size) || found[instruction.Target] == size)
            {
                if (IsStore(instruction.Operation) || written.Has(i, instruction.Target, size)) continue;
            }

            refused.Add(instruction.Target);
        }

        foreach ((int offset, int size) in found.OrderBy(static slot => slot.Key))
        {
            bool overlaps = found.Any(other => other.Key != offset && other.Key < offset + size && offset < other.Key + other.Value);
            if (!overlaps && !refused.Contains(offset) && _sizes.Count < Maximum) _sizes.Add(offset, size);
        }
    }

    /// <summary>The places, by their offsets from R10, with their sizes in bytes.</summary>
    public IReadOnlyDictionary<int, int> Sizes => _sizes;

    private static bool IsStore(Operation operation) => operation >= Operation.StoreStack8;

    private static int? SizeOf(Operation operation) => operation switch
    {
        >= Operation.LoadStack8 and <= Operation.LoadStack64 => 1 << (operation - Operation.LoadStack8),
        >= Operation.LoadStackSigned8 and <= Operation.LoadStackSigned32 => 1 << (operation - Operation.LoadStackSigned8),
        >= Operation.StoreStack8 and <= Operation.StoreStack64 => 1 << (operation - Operation.StoreStack8),
        >= Operation.StoreStackImmediate8 and <= Operation.StoreStackImmediate64 => 1 << (operation - Operation.StoreStackImmediate8),
        _ => null,
    };
}
