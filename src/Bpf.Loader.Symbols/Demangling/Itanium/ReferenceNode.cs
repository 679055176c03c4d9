using System.Globalization;

namespace Bpf.Loader.Symbols.Demangling.Itanium;

/// <summary>
/// A template's parameter, which stands for an argument, or for as many as a pack has. For which one is known where it is printed: the
/// same parameter may be named again, by a substitution, in another template, and in a conversion before there are arguments.
/// </summary>
internal sealed class ReferenceNode(int index) : Node
{
    private static readonly ListNode Nothing = new([]);

    public override void PrintLeft(Printer to)
    {
        Node target = Enter(to, out TemplateScope? outer);
        to.Left(target);
        to.Scope = outer;
    }

    public override void PrintRight(Printer to)
    {
        Node target = Enter(to, out TemplateScope? outer);
        to.Right(target);
        to.Scope = outer;
    }

    public override bool HasRight(Printer to)
    {
        Node target = Enter(to, out TemplateScope? outer);
        bool has = target.HasRight(to);
        to.Scope = outer;
        return has;
    }

    public override NodeShape ShapeOf(Printer to)
    {
        Node target = Enter(to, out TemplateScope? outer);
        NodeShape shape = target.ShapeOf(to);
        to.Scope = outer;
        return shape;
    }

    public override Node Resolve(Printer to, ref TemplateScope? scope) => Find(to, ref scope).Resolve(to, ref scope);

    // Who asks for the argument puts the outer scope back when it is done with it.
    private Node Enter(Printer to, out TemplateScope? outer)
    {
        TemplateScope? scope = to.Scope;
        Node target = Find(to, ref scope);
        (outer, to.Scope) = (to.Scope, scope);
        return target;
    }

    // The argument is printed in the scope in which it was given: that ends, so that no argument is made of itself.
    private Node Find(Printer to, ref TemplateScope? scope)
    {
        to.Step();
        if (scope is { Arguments: null }) return new NameNode($"auto:{((long)index + 1).ToString(CultureInfo.InvariantCulture)}", isSimple: false);
        if (scope is null || index >= scope.Arguments.Count) throw new DemangleException();
        Node target = scope.Arguments[index];
        scope = scope.Outer;
        if (target is not ListNode pack) return target;
        if (to.PackCount < 0) to.PackCount = pack.Items.Count;
        if (to.PackIndex < 0) return pack;
        return to.PackIndex < pack.Items.Count ? pack.Items[to.PackIndex] : Nothing;
    }
}
