namespace Bpf.Loader.Symbols.Demangling.Itanium;

/// <summary>A pointer, a reference, or a pointer to a member of a class.</summary>
internal sealed class PointerNode(Node target, string sign, Node? owner = null) : Node
{
    private readonly Node _target = target;
    private readonly string _sign = sign;

    private bool IsReference => _sign[0] == '&';

    public override bool HasRight(Printer to)
    {
        to.Step();
        TemplateScope? outer = to.Scope;
        (Node end, _) = Enter(to);
        bool has = end.ShapeOf(to) != NodeShape.Plain || end.HasRight(to);
        to.Scope = outer;
        return has;
    }

    public override void PrintLeft(Printer to)
    {
        TemplateScope? outer = to.Scope;
        (Node end, string mark) = Enter(to);
        to.Left(end);
        NodeShape shape = end.ShapeOf(to);
        to.Scope = outer;
        switch (shape)
        {
            case NodeShape.Array:
                to.Append(" (");
                break;
            case NodeShape.Function:
                if (to.Last != ' ' && (owner is not null || to.Last is not ('(' or '*'))) to.Append(' ');
                to.Append('(');
                break;
            default:
                break;
        }

        if (owner is not null)
        {
            if (to.Last != '(') to.Append(' ');
            to.Print(owner);
        }

        to.Append(mark);
    }

    public override void PrintRight(Printer to)
    {
        TemplateScope? outer = to.Scope;
        (Node end, _) = Enter(to);
        if (end.ShapeOf(to) != NodeShape.Plain) to.Append(')');
        to.Right(end);
        to.Scope = outer;
    }

    // A reference to a reference is one: to an lvalue unless both are to rvalues. The scope is that of the result until it is restored.
    private (Node End, string Mark) Enter(Printer to)
    {
        (Node end, string mark) = (_target, _sign);
        TemplateScope? scope = to.Scope;
        while (IsReference && end.Resolve(to, ref scope) is PointerNode { IsReference: true } next)
        {
            to.Step();
            if (next._sign.Length == 1) mark = "&";
            end = next._target;
            to.Scope = scope;
        }

        return (end, mark);
    }
}
