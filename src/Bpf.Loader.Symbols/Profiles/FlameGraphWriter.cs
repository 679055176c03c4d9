using System;
using System.Globalization;
using System.IO;
using System.Text;
using System.Xml;

namespace Bpf.Loader.Symbols.Profiles;

/// <summary>
/// Draws a flame graph: each function is a box on that of its caller, as wide as its share. What is broad at the top is where the time goes.
/// The file needs nothing else; in a browser a click zooms into a box, and names are searched by Ctrl-F.
/// </summary>
internal sealed class FlameGraphWriter
{
    private const double Width = 1200, RowHeight = 17, LetterWidth = 6.6, SmallestBox = 0.2, Margin = 10, HeadHeight = 44, FootHeight = 26;
    private const int Deepest = 1024;
    private const string Namespace = "http://www.w3.org/2000/svg";

    private readonly XmlWriter _xml;
    private readonly StackProfile _profile;
    private readonly StackTree _root;
    private readonly double _ground;

    private FlameGraphWriter(XmlWriter xml, StackProfile profile, StackTree root)
    {
        (_xml, _profile, _root) = (xml, profile, root);
        _ground = HeadHeight + (Depth(root, 0) * RowHeight);
    }

    public static void Write(StackProfile profile, Stream to)
    {
        using var xml = XmlWriter.Create(to, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true, NewLineChars = "\n", CheckCharacters = false });
        new FlameGraphWriter(xml, profile, StackTree.Of(profile)).Draw();
    }

    private void Draw()
    {
        _xml.WriteStartElement("svg", Namespace);
        _xml.WriteAttributeString("viewBox", $"0 0 {Number(Width + (2 * Margin))} {Number(_ground + FootHeight)}");
        _xml.WriteAttributeString("width", Number(Width + (2 * Margin)));
        _xml.WriteAttributeString("height", Number(_ground + FootHeight));
        _xml.WriteElementString("style", Namespace, FlameGraphScript.Style);
        Label("heading", Width / 2 + Margin, 24, "middle", _profile.Title);
        Label("button", Margin, 24, "start", "reset zoom", "reset");
        Label("button", Width + Margin, 24, "end", "search", "search");
        Label("details", Margin, _ground + 17, "start", "", "details");
        Label("details", Width + Margin, _ground + 17, "end", "", "matched");
        _xml.WriteStartElement("g", Namespace);
        _xml.WriteAttributeString("id", "frames");
        Draw(_root, 0, 0);
        _xml.WriteEndElement();
        _xml.WriteStartElement("script", Namespace);
        _xml.WriteCData(FlameGraphScript.Text);
        _xml.WriteEndElement();
        _xml.WriteEndElement();
    }

    private void Label(string kind, double left, double top, string anchor, string text, string? id = null)
    {
        _xml.WriteStartElement("text", Namespace);
        if (id is not null) _xml.WriteAttributeString("id", id);
        _xml.WriteAttributeString("class", kind);
        _xml.WriteAttributeString("x", Number(left));
        _xml.WriteAttributeString("y", Number(top));
        _xml.WriteAttributeString("text-anchor", anchor);
        _xml.WriteString(text);
        _xml.WriteEndElement();
    }

    // Boxes that are too narrow to be seen take no room, and neither does what stands on them.
    private int Depth(StackTree tree, int row)
    {
        int depth = row + 1;
        foreach (StackTree called in tree.Calls)
        {
            if (row < Deepest && WidthOf(called) >= SmallestBox) depth = Math.Max(depth, Depth(called, row + 1));
        }

        return depth;
    }

    private double WidthOf(StackTree tree) => Width * tree.Total / Math.Max(_root.Total, 1);

    private void Draw(StackTree tree, double left, int row)
    {
        double width = row == 0 ? Width : WidthOf(tree);
        if (width < SmallestBox || row > Deepest) return;
        Box(tree, left, _ground - ((row + 1) * RowHeight), width);
        foreach (StackTree called in tree.Calls)
        {
            Draw(called, left, row + 1);
            left += WidthOf(called);
        }
    }

    private void Box(StackTree tree, double left, double top, double width)
    {
        string name = Printable(tree.Name), module = tree.Module.Length > 0 && !tree.Module.StartsWith('[') ? $" in {Printable(tree.Module)}" : "";
        double share = 100.0 * tree.Total / Math.Max(_root.Total, 1);
        _xml.WriteStartElement("g", Namespace);
        _xml.WriteElementString(
            "title", Namespace, string.Create(CultureInfo.InvariantCulture, $"{name} ({tree.Total} {_profile.ValueName}, {share:0.0} %){module}"));
        _xml.WriteStartElement("rect", Namespace);
        _xml.WriteAttributeString("x", Number(left + Margin));
        _xml.WriteAttributeString("y", Number(top));
        _xml.WriteAttributeString("width", Number(width));
        _xml.WriteAttributeString("height", Number(RowHeight - 1));
        _xml.WriteAttributeString("fill", FlameGraphColours.Of(tree));
        _xml.WriteEndElement();
        _xml.WriteStartElement("text", Namespace);
        _xml.WriteAttributeString("x", Number(left + Margin + 3));
        _xml.WriteAttributeString("y", Number(top + 12));
        int letters = (int)((width - 6) / LetterWidth);
        if (letters >= 3) _xml.WriteString(name.Length <= letters ? name : string.Concat(name.AsSpan(0, letters - 1), "…"));
        _xml.WriteEndElement();
        _xml.WriteEndElement();
    }

    // XML has no control characters, not even written as numbers; nor halves of letters.
    private static string Printable(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (Rune letter in text.EnumerateRunes()) clean.Append(Rune.IsControl(letter) || letter.Value is 0xfffe or 0xffff ? "\ufffd" : letter.ToString());
        return clean.ToString();
    }

    private static string Number(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);
}
