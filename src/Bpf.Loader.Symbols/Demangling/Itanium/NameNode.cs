namespace Bpf.Loader.Symbols.Demangling.Itanium;

/// <summary>A name, a built-in type, or another text.</summary>
internal sealed class NameNode(string text, bool isSimple = true) : Node
{
    /// <summary>The text.</summary>
    public string Text => text;

    public override bool IsSimple => isSimple;

    public override void PrintLeft(Printer to) => to.Append(text);
}
