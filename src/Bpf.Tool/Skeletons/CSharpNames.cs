using System.Collections.Generic;
using System.Linq;
using System.Text;
using Bpf.Loader;

namespace Bpf.Tool.Skeletons;

/// <summary>Makes names of .NET from those of C.</summary>
internal static class CSharpNames
{
    private static readonly HashSet<string> Keywords =
    [
        "abstract", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const", "continue", "decimal", "default",
        "delegate", "do", "double", "else", "enum", "event", "explicit", "extern", "false", "finally", "fixed", "float", "for", "foreach", "goto",
        "if", "implicit", "in", "int", "interface", "internal", "is", "lock", "long", "namespace", "new", "null", "object", "operator", "out",
        "override", "params", "private", "protected", "public", "readonly", "ref", "return", "sbyte", "sealed", "short", "sizeof", "stackalloc",
        "static", "string", "struct", "switch", "this", "throw", "true", "try", "typeof", "uint", "ulong", "unchecked", "unsafe", "ushort",
        "using", "virtual", "void", "volatile", "while",
    ];

    /// <summary>
    /// <c>target_pid</c> becomes <c>TargetPid</c>, <c>LEVEL_LOW</c> becomes <c>LevelLow</c>; humps that are there stay. What no name
    /// of C# may have becomes an underscore, and counts as one.
    /// </summary>
    public static string Pascal(string name)
    {
        bool isUpper = !name.Any(char.IsLower);
        var text = new StringBuilder(name.Length);
        bool isStart = true;
        foreach (Rune rune in name.EnumerateRunes())
        {
            // Compilers look at letters unit by unit, and know none beyond the Basic Multilingual Plane.
            if (!Rune.IsLetterOrDigit(rune) || !rune.IsBmp)
            {
                isStart = true;
                continue;
            }

            // a_1_2 and a_12 shall not be the same.
            if (isStart && Rune.IsDigit(rune) && text.Length > 0 && char.IsDigit(text[^1])) text.Append('_');
            text.Append(isStart ? Rune.ToUpperInvariant(rune) : isUpper ? Rune.ToLowerInvariant(rune) : rune);
            isStart = false;
        }

        if (text.Length == 0) return "_";
        return char.IsDigit(text[0]) ? "_" + text : text.ToString();
    }

    /// <summary>A name that is told and not made: a class or namespace. Keywords are escaped.</summary>
    public static string Escape(string name) => string.Join('.', name.Split('.').Select(part => Keywords.Contains(part) ? "@" + part : part));

    /// <summary>True for a name that a class can have as it is, or of several parts a namespace.</summary>
    public static bool IsName(string name, bool isNamespace) =>
        (isNamespace ? name.Split('.') : [name]).All(part => part.Length > 0 && (char.IsLetter(part[0]) || part[0] == '_') && part.All(c => char.IsLetterOrDigit(c) || c == '_'));

    /// <summary>The name of a type as part of another: <c>uint</c> is <c>UInt32</c> there.</summary>
    public static string OfType(string type) => type switch
    {
        "bool" => "Boolean",
        "byte" => "Byte",
        "sbyte" => "SByte",
        "short" => "Int16",
        "ushort" => "UInt16",
        "int" => "Int32",
        "uint" => "UInt32",
        "long" => "Int64",
        "ulong" => "UInt64",
        "float" => "Single",
        "double" => "Double",
        _ => type[(type.LastIndexOf('.') + 1)..],
    };

    /// <summary>Text in a documentation comment, on one line.</summary>
    public static string Xml(string text)
    {
        var xml = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            xml.Append(rune.Value switch
            {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '\n' or '\t' => " ",
                0xfffe or 0xffff => "?", // no characters of XML
                _ => BpfText.IsPrintable(rune) ? rune.ToString() : "?",
            });
        }

        return xml.ToString();
    }

    /// <summary>A text as a literal.</summary>
    public static string Literal(string text)
    {
        var literal = new StringBuilder("\"");
        foreach (char c in text)
        {
            if (c is '"' or '\\') literal.Append('\\').Append(c);
            else if (c is < ' ' or > '~') literal.Append("\\u").Append(((int)c).ToString("x4"));
            else literal.Append(c);
        }

        return literal.Append('"').ToString();
    }
}
