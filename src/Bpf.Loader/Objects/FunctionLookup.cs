using System.Collections.Generic;

namespace Bpf.Loader.Objects;

/// <summary>Finds functions by place among functions that are sorted by section and place.</summary>
internal static class FunctionLookup
{
    public static BpfFunction? Find(IReadOnlyList<BpfFunction> functions, int section, int instruction)
    {
        // The first function that ends behind the instruction: of several names of the same code, the first.
        int low = 0, high = functions.Count;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            BpfFunction function = functions[middle];
            bool isBefore = function.SectionIndex < section || (function.SectionIndex == section && function.EndInstruction <= instruction);
            if (isBefore) low = middle + 1;
            else high = middle;
        }

        if (low == functions.Count) return null;
        BpfFunction found = functions[low];
        return found.SectionIndex == section && found.FirstInstruction <= instruction ? found : null;
    }
}
