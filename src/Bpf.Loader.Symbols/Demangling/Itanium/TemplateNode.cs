namespace Bpf.Loader.Symbols.Demangling.Itanium;

/// <summary>A template with its arguments.</summary>
internal sealed class TemplateNode(Node name, ListNode arguments) : Node
{
    /// <summary>The template.</summary>
    public Node Name => name;

    public override void PrintLeft(Printer to)
    {
        to.Print(name);
        if (to.Last == '<') to.Append(' '); // operator<
        to.Append('<');
        to.Print(arguments);
        if (to.Last == '>') to.Append(' ');
        to.Append('>');
    }
}
