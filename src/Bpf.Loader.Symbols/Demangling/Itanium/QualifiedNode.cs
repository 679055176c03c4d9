namespace Bpf.Loader.Symbols.Demangling.Itanium;

/// <summary>A name in a scope: a namespace, a class, or a function.</summary>
internal sealed class QualifiedNode(Node scope, Node name, bool isLocal = false) : Node
{
    /// <summary>The name without its scope.</summary>
    public Node Name => name;

    public override bool IsSimple => !isLocal;

    public override void PrintLeft(Printer to)
    {
        to.Print(scope);
        to.Append("::");
        to.Print(name);
    }
}
