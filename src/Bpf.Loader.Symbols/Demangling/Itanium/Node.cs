namespace Bpf.Loader.Symbols.Demangling.Itanium;

/// <summary>
/// A part of a decoded name. As in C++ a type stands on both sides of what is declared, <c>void (*NAME)(int)</c>, so does a node.
/// </summary>
internal abstract class Node
{
    /// <summary>Prints what stands before the name that is declared: of most nodes, all.</summary>
    public abstract void PrintLeft(Printer to);

    /// <summary>Prints what stands behind the name that is declared.</summary>
    public virtual void PrintRight(Printer to)
    {
    }

    /// <summary>Whether anything stands behind the name.</summary>
    public virtual bool HasRight(Printer to) => false;

    /// <summary>What a pointer to this type needs parentheses for.</summary>
    public virtual NodeShape ShapeOf(Printer to) => NodeShape.Plain;

    /// <summary>What it stands for where it is printed now: of a template's parameter the argument.</summary>
    /// <param name="to">What is printed to.</param>
    /// <param name="scope">What the parameters in this node stand for; on return, those in the result.</param>
    public virtual Node Resolve(Printer to, ref TemplateScope? scope) => this;

    /// <summary>Whether it needs no parentheses as an operand.</summary>
    public virtual bool IsSimple => false;
}
