using System.Collections.Generic;

namespace Bpf.Loader.Symbols.Demangling.Itanium;

/// <summary>Arguments, parameters, or a pack of them.</summary>
internal sealed class ListNode(List<Node> items) : Node
{
    private const string Separator = ", ";

    /// <summary>What is in it.</summary>
    public IReadOnlyList<Node> Items => items;

    // As binutils do, commas are left out behind the last that is not empty, and not before the first.
    public override void PrintLeft(Printer to)
    {
        int end = to.Length;
        for (int i = 0; i < items.Count; i++)
        {
            if (i > 0) to.Append(Separator);
            int start = to.Length;
            to.Print(items[i]);
            if (i == 0 || to.Length > start) end = to.Length;
        }

        to.Truncate(end);
    }
}
