namespace Bpf.Loader.Symbols.Demangling.Itanium;

/// <summary>An operand, in parentheses if it needs them.</summary>
internal sealed class OperandNode(Node node) : Node
{
    public override void PrintLeft(Printer to) => to.Operand(node);
}
