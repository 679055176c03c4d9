using System.Collections.Generic;

namespace Bpf.Loader.Symbols.Demangling.Itanium;

/// <summary>A function, or the type of one.</summary>
/// <param name="result">What it returns; null when its name does not tell.</param>
/// <param name="name">Its name; null for a type.</param>
/// <param name="parameters">What it takes.</param>
/// <param name="arguments">What the parameters of the template stand for that it was made from; null when it was not.</param>
/// <param name="suffix">What stands behind the parameters, such as <c> const</c>.</param>
internal sealed class FunctionNode(Node? result, Node? name, List<Node> parameters, IReadOnlyList<Node>? arguments, Node? suffix) : Node
{
    private readonly ListNode _parameters = new(parameters);

    /// <summary>Its name; null for a type.</summary>
    public Node? Name => name;

    /// <summary>Whether anything stands behind its parameters.</summary>
    public bool IsQualified => suffix is not null;

    public override bool HasRight(Printer to) => true;

    public override NodeShape ShapeOf(Printer to) => NodeShape.Function;

    public override void PrintLeft(Printer to)
    {
        TemplateScope? outer = Enter(to);
        if (result is not null)
        {
            to.Left(result);
            if (!result.HasRight(to)) to.Append(' ');
        }

        if (name is not null) to.Print(name);
        to.Scope = outer;
    }

    public override void PrintRight(Printer to)
    {
        TemplateScope? outer = Enter(to);
        to.Append('(');
        to.Print(_parameters);
        to.Append(')');
        if (suffix is not null) to.Print(suffix);
        if (result is not null) to.Right(result);
        to.Scope = outer;
    }

    private TemplateScope? Enter(Printer to)
    {
        TemplateScope? outer = to.Scope;
        if (arguments is not null) to.Scope = new TemplateScope(arguments, outer);
        return outer;
    }
}
