using System.Collections.Generic;

namespace Bpf.Loader.Symbols.Demangling.Itanium;

/// <summary>Operators with their operands, and literals.</summary>
internal sealed partial class ItaniumParser
{
    private Node ReadOperation()
    {
        Operator sign = ReadOperator();
        return (sign.Operands, sign.Code) switch
        {
            (0, _) => Text(sign.Name),
            (1, "gs") => new SequenceNode(true, Text("::"), ReadExpression()),
            (1, "st") => new SequenceNode(Text("sizeof ("), ReadType(), Text(")")),
            (1, "nx") => new SequenceNode(Text("noexcept("), ReadExpression(), Text(")")),
            (1, "ti" or "at") => new SequenceNode(Text(sign.Name), new OperandNode(ReadType())),
            (1, "mm" or "pp") when !Take('_') => new SequenceNode(new OperandNode(ReadExpression()), Text(sign.Name)),
            (1, "ad") => new SequenceNode(Text(sign.Name), new OperandNode(WithoutParameters(ReadExpression()))),
            (1, _) => new SequenceNode(Text(sign.Name), new OperandNode(ReadExpression())),
            (2, "cl") => ReadCall(),
            (2, "dt" or "pt") => new SequenceNode(new OperandNode(ReadExpression()), Text(sign.Name), new OperandNode(ReadMemberName())),
            (2, "ix") => new SequenceNode(new OperandNode(ReadExpression()), Text("["), ReadExpression(), Text("]")),
            (2, "cc" or "dc" or "rc" or "sc") => new SequenceNode(Text(sign.Name + "<"), ReadType(), Text(">("), ReadExpression(), Text(")")),
            (2, _) => ReadBinary(sign),
            (_, "qu") => new SequenceNode(
                new OperandNode(ReadExpression()), Text("?"), new OperandNode(ReadExpression()), Text(" : "), new OperandNode(ReadExpression())),
            _ => ReadNew(),
        };
    }

    // An operator that is ">" is not to be taken for the end of the arguments.
    private SequenceNode ReadBinary(Operator sign)
    {
        Node left = new OperandNode(ReadExpression()), right = new OperandNode(ReadExpression());
        return sign.Name == ">"
            ? new SequenceNode(Text("("), left, Text(">"), right, Text(")"))
            : new SequenceNode(left, Text(sign.Name), right);
    }

    private SequenceNode ReadCall()
    {
        Node callee = ReadExpression();
        return new SequenceNode(new OperandNode(callee is FunctionNode { Name: { } name } ? name : callee), Text("("), ReadList('E'), Text(")"));
    }

    private static Node WithoutParameters(Node node) => node is FunctionNode { Name: QualifiedNode name, IsQualified: false } ? name : node;

    private Node ReadMemberName() => char.IsAsciiDigit(Peek()) || (Peek(), Peek(1)) is ('o', 'n') ? ReadSimpleName() : ReadExpression();

    // nw placement... _ type E, nw placement... _ type pi argument... E, nw placement... _ type il argument... E
    private SequenceNode ReadNew()
    {
        List<Node> parts = [Text("new ")];
        ListNode placement = ReadList('_');
        if (placement.Items.Count > 0) parts.AddRange([new OperandNode(placement), Text(" ")]);
        parts.Add(ReadType());
        if (Take("pi")) parts.Add(new OperandNode(ReadList('E')));
        else if (Peek() == 'i') parts.Add(ReadExpression());
        else Expect("E");
        return new SequenceNode([.. parts]);
    }

    // L type value E, L_Z encoding E; old compilers left out the _
    private Node ReadLiteral()
    {
        Expect("L");
        if (Take("_Z") || Take('Z'))
        {
            Node entity = ReadEncoding();
            Expect("E");
            return entity;
        }

        char letter = Peek();
        Node type = ReadType();
        if (Take('E')) return type; // nullptr, or a text, whose letters no name tells
        int start = _at;
        bool isNegative = Take('n');
        int digits = _at;
        while (Peek() is not ('E' or '\0')) _at++;
        string value = text[digits.._at];
        Expect("E");
        if (letter == 'b' && !isNegative && value is "0" or "1") return new NameNode(value == "1" ? "true" : "false", isSimple: false);
        string sign = isNegative ? "-" : "";
        if (BuiltinTypes.LiteralSuffix(letter) is string suffix) return new NameNode($"{sign}{value}{suffix}", isSimple: false);
        string shown = letter is 'f' or 'd' or 'e' or 'g' ? $"[{text[start..(_at - 1)]}]" : sign + value;
        return new SequenceNode(Text("("), type, Text($"){shown}"));
    }
}
