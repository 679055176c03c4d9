using System;
using System.Text;

namespace Bpf.Tool.Skeletons;

/// <summary>Source text, indented, with line feeds on every system.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;
    private bool _needsGap;

    /// <summary>Writes a line; an empty one without spaces.</summary>
    public void Line(string text = "")
    {
        if (_needsGap && text.Length > 0 && text != "}") _text.Append('\n');
        _needsGap = false;
        if (text.Length > 0) _text.Append(' ', _depth * 4).Append(text);
        _text.Append('\n');
    }

    /// <summary>Leaves an empty line before the next, unless it closes a block.</summary>
    public void Gap() => _needsGap = true;

    /// <summary>A documentation comment of one sentence or more; the text is XML.</summary>
    public void Summary(string xml) => Line($"/// <summary>{xml}</summary>");

    /// <summary>A private property of a span with bytes in Base64.</summary>
    public void Bytes(string name, ReadOnlySpan<byte> bytes)
    {
        const int LineBytes = 90;
        Line($"private static global::System.ReadOnlySpan<byte> {name} => \"\"\"");
        for (int at = 0; at < bytes.Length; at += LineBytes)
            Line("    " + Convert.ToBase64String(bytes.Slice(at, Math.Min(LineBytes, bytes.Length - at))));
        Line("    \"\"\"u8;");
    }

    /// <summary>A private property of a span with bytes that the compiler puts into the assembly as they are.</summary>
    public void Literal(string name, ReadOnlySpan<byte> bytes)
    {
        const int LineBytes = 40;
        Open($"private static global::System.ReadOnlySpan<byte> {name} => new byte[]");
        for (int at = 0; at < bytes.Length; at += LineBytes)
            Line(string.Join(',', bytes.Slice(at, Math.Min(LineBytes, bytes.Length - at)).ToArray()) + ",");
        Close("};");
    }

    /// <summary>Opens a block.</summary>
    public void Open(string head)
    {
        Line(head);
        Line("{");
        _depth++;
    }

    /// <summary>Closes a block.</summary>
    public void Close(string tail = "}")
    {
        _needsGap = false;
        _depth--;
        Line(tail);
    }

    public override string ToString() => _text.ToString();
}
