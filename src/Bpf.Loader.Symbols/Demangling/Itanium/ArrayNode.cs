namespace Bpf.Loader.Symbols.Demangling.Itanium;

/// <summary>An array, whose bound may be unknown.</summary>
internal sealed class ArrayNode(Node element, Node? bound) : Node
{
    private readonly Node _element = element;
    private readonly Node? _bound = bound;

    public override bool HasRight(Printer to) => true;

    public override NodeShape ShapeOf(Printer to) => NodeShape.Array;

    public override void PrintLeft(Printer to) => to.Left(_element);

    public override void PrintRight(Printer to)
    {
        to.Append(' ');
        Node rest = this;
        for (ArrayNode? at = this; at is not null; at = Inner(rest))
        {
            to.Append('[');
            if (at._bound is not null) to.Print(at._bound);
            to.Append(']');
            to.Step();
            rest = at._element;
        }

        to.Right(rest);
    }

    private static ArrayNode? Inner(Node node)
    {
        while (node is SuffixNode suffix) node = suffix.Type;
        return node as ArrayNode;
    }
}
