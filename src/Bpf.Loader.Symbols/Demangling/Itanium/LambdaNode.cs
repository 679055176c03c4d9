using System.Collections.Generic;
using System.Globalization;

namespace Bpf.Loader.Symbols.Demangling.Itanium;

/// <summary>The type of a lambda, which has no name.</summary>
internal sealed class LambdaNode(List<Node> parameters, int number) : Node
{
    private readonly ListNode _parameters = new(parameters);

    public override void PrintLeft(Printer to)
    {
        TemplateScope? outer = to.Scope;
        to.Scope = new TemplateScope(null, outer);
        to.Append("{lambda(");
        to.Print(_parameters);
        to.Append(")#");
        to.Append(number.ToString(CultureInfo.InvariantCulture));
        to.Append('}');
        to.Scope = outer;
    }
}
