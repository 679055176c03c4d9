namespace Bpf.Loader.Symbols.Demangling.Itanium;

/// <summary>A fold over a pack, which is shown as a whole.</summary>
internal sealed class FoldNode(Node fold) : Node
{
    public override void PrintLeft(Printer to)
    {
        (int index, int count) = (to.PackIndex, to.PackCount);
        to.PackIndex = -1;
        to.Print(fold);
        (to.PackIndex, to.PackCount) = (index, count);
    }
}
