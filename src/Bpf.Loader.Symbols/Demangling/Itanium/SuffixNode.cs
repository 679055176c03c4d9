namespace Bpf.Loader.Symbols.Demangling.Itanium;

/// <summary>A type with a word behind it, such as <c> const</c>.</summary>
internal sealed class SuffixNode(Node type, Node suffix) : Node
{
    /// <summary>The type.</summary>
    public Node Type => type;

    public override bool HasRight(Printer to)
    {
        to.Step();
        return type.HasRight(to);
    }

    public override NodeShape ShapeOf(Printer to)
    {
        to.Step();
        return type.ShapeOf(to);
    }

    // A type that is const already, as an argument may be, is not const twice.
    public override void PrintLeft(Printer to)
    {
        to.Left(type);
        if (suffix is not NameNode { Text: string text } || !to.EndsWith(text)) to.Print(suffix);
    }

    public override void PrintRight(Printer to) => to.Right(type);
}
