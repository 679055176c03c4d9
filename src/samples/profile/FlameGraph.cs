using System;
using System.Globalization;
using System.Xml;

namespace Bpf.Samples;

/// <summary>
/// A flame graph: each function is a box on that of its caller, as wide as its share of the samples. What is broad at the
/// top is where the time goes. The pointer shows a box's whole name.
/// </summary>
internal sealed class FlameGraph
{
    private const double Width = 1200, RowHeight = 17, LetterWidth = 6.6, SmallestBox = 0.2;
    private const string Namespace = "http://www.w3.org/2000/svg";

    private readonly XmlWriter _xml;
    private readonly StackTree _root;
    private readonly double _height;

    private FlameGraph(XmlWriter xml, StackTree root) => (_xml, _root, _height) = (xml, root, Depth(root) * RowHeight);

    /// <summary>Draws a tree into a file.</summary>
    public static void Write(StackTree tree, string path)
    {
        using var xml = XmlWriter.Create(path, new XmlWriterSettings { Indent = true });
        var graph = new FlameGraph(xml, tree);
        xml.WriteStartElement("svg", Namespace);
        xml.WriteAttributeString("viewBox", $"0 0 {Number(Width)} {Number(graph._height)}");
        xml.WriteElementString("style", Namespace, "text { font: 11px monospace } g:hover rect { stroke: black }");
        graph.Draw(tree, 0, 0);
        xml.WriteEndElement();
    }

    private static int Depth(StackTree tree)
    {
        int depth = 0;
        foreach (StackTree called in tree.Calls)
            depth = Math.Max(depth, Depth(called));
        return depth + 1;
    }

    private void Draw(StackTree tree, double left, int row)
    {
        double width = Width * tree.Samples / Math.Max(_root.Samples, 1);
        if (width < SmallestBox)
            return;
        Box(tree, left, _height - (row + 1) * RowHeight, width);
        foreach (StackTree called in tree.Calls)
        {
            Draw(called, left, row + 1);
            left += Width * called.Samples / _root.Samples;
        }
    }

    private void Box(StackTree tree, double left, double top, double width)
    {
        double share = 100.0 * tree.Samples / Math.Max(_root.Samples, 1);
        _xml.WriteStartElement("g", Namespace);
        _xml.WriteElementString("title", Namespace, string.Create(CultureInfo.InvariantCulture, $"{tree.Name} ({tree.Samples} samples, {share:0.0} %)"));
        _xml.WriteStartElement("rect", Namespace);
        _xml.WriteAttributeString("x", Number(left));
        _xml.WriteAttributeString("y", Number(top));
        _xml.WriteAttributeString("width", Number(width));
        _xml.WriteAttributeString("height", Number(RowHeight - 1));
        _xml.WriteAttributeString("fill", Colour(tree.Name));
        _xml.WriteEndElement();

        int letters = (int)((width - 4) / LetterWidth);
        if (letters >= 3)
        {
            _xml.WriteStartElement("text", Namespace);
            _xml.WriteAttributeString("x", Number(left + 2));
            _xml.WriteAttributeString("y", Number(top + 12));
            _xml.WriteString(tree.Name.Length <= letters ? tree.Name : tree.Name[..(letters - 1)] + "…");
            _xml.WriteEndElement();
        }

        _xml.WriteEndElement();
    }

    // The same function has the same colour in every picture: the kernel's are blue, the others between red and yellow.
    private static string Colour(string name)
    {
        uint hash = 2166136261;
        foreach (char letter in name)
            hash = (hash ^ letter) * 16777619;
        uint hue = (name.EndsWith("_[k]", StringComparison.Ordinal) ? 200u : 0) + hash % 50;
        return $"hsl({hue}, 80%, {70 + hash / 50 % 10}%)";
    }

    private static string Number(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);
}
