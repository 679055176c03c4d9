namespace Bpf.Loader.Symbols.Demangling.Itanium;

/// <summary>Nodes one behind the other.</summary>
internal sealed class SequenceNode(bool isSimple, params Node[] parts) : Node
{
    public SequenceNode(params Node[] parts)
        : this(false, parts)
    {
    }

    public override bool IsSimple => isSimple;

    public override void PrintLeft(Printer to)
    {
        foreach (Node part in parts) to.Print(part);
    }
}
