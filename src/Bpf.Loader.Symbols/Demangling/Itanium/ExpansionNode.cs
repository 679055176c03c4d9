namespace Bpf.Loader.Symbols.Demangling.Itanium;

/// <summary>A pattern that is repeated for every argument of the pack in it.</summary>
internal sealed class ExpansionNode(Node pattern) : Node
{
    public override void PrintLeft(Printer to)
    {
        (int index, int count) = (to.PackIndex, to.PackCount);
        int start = to.Length;
        (to.PackIndex, to.PackCount) = (0, -1);
        to.Print(pattern);
        int found = to.PackCount;
        if (found < 0)
        {
            // Only a pack of parameters of the function, whose length no name tells.
            to.Truncate(start);
            to.Operand(pattern);
            to.Append("...");
        }
        else if (found == 0)
        {
            to.Truncate(start);
        }

        for (int i = 1; i < found; i++)
        {
            to.Append(", ");
            to.PackIndex = i;
            to.Print(pattern);
        }

        (to.PackIndex, to.PackCount) = (index, count);
    }
}
