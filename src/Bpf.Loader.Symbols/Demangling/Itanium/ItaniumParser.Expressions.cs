using System.Collections.Generic;

namespace Bpf.Loader.Symbols.Demangling.Itanium;

/// <summary>Expressions, in the types of templates.</summary>
internal sealed partial class ItaniumParser
{
    private Node ReadExpression()
    {
        Enter();
        return Leave(ReadAnyExpression());
    }

    private Node ReadAnyExpression()
    {
        switch (Peek(), Peek(1))
        {
            case ('L', _): return ReadLiteral();
            case ('T', _): return ReadParameter();
            case ('s', 'r'): return ReadMember();
            case ('s', 'p'):
                _at += 2;
                return new ExpansionNode(ReadExpression());
            case ('s', 'Z'):
                _at += 2;
                return new PackSizeNode(ReadExpression());
            case ('s', 'P'):
                _at += 2;
                return new PackSizeNode(ReadPack());
            case ('f', 'p'): return ReadFunctionParameter();
            case ('f', 'L') when char.IsAsciiDigit(Peek(2)): return ReadFunctionParameter();
            case ('f', 'l' or 'r' or 'L' or 'R'): return ReadFold();
            case ('t', 'l'):
                _at += 2;
                Node type = ReadType();
                return new SequenceNode(true, type, Text("{"), ReadList('E'), Text("}"));
            case ('i', 'l'):
                _at += 2;
                return new SequenceNode(true, Text("{"), ReadList('E'), Text("}"));
            case ('d', 'i' or 'x' or 'X'): return new SequenceNode(true, ReadDesignator());
            case ('c', 'v'): return ReadCast();
            case ( >= '0' and <= '9', _) or ('o', 'n'): return ReadSimpleName();
            default: return ReadOperation();
        }
    }

    private ListNode ReadPack()
    {
        List<Node> pack = [];
        while (!Take('E')) pack.Add(ReadArgument());
        return new ListNode(pack);
    }

    private ListNode ReadList(char end)
    {
        List<Node> items = [];
        while (!Take(end)) items.Add(ReadExpression());
        return new ListNode(items);
    }

    // A name with its arguments.
    private Node ReadSimpleName()
    {
        Node name = ReadUnqualified(null, new NameState());
        return Peek() == 'I' ? new TemplateNode(name, ReadArguments()) : name;
    }

    // sr type name, sr name... E name, srN type name... E name. Names are no candidates for substitutions here.
    private Node ReadMember()
    {
        _at += 2;
        bool hasEnd = Take('N');
        Node scope;
        if (char.IsAsciiDigit(Peek()))
        {
            // Compilers of before 2020 left out the end of such names, and took the last for the member.
            scope = ReadSimpleName();
            while (char.IsAsciiDigit(Peek()))
            {
                Node name = ReadMemberOf(scope);
                if (!char.IsAsciiDigit(Peek()) && !IsEndOfScope) return name;
                scope = name;
            }

            if (IsEndOfScope) _at++;
        }
        else
        {
            scope = ReadType();
            while (hasEnd && !Take('E')) scope = ReadMemberOf(scope);
        }

        if (!Take("dn")) return ReadMemberOf(scope);
        return new QualifiedNode(scope, new SequenceNode(true, Text("~"), char.IsAsciiDigit(Peek()) ? ReadSimpleName() : ReadType()));
    }

    private Node ReadMemberOf(Node scope)
    {
        Node name = new QualifiedNode(scope, ReadUnqualified(null, new NameState()));
        return Peek() == 'I' ? new TemplateNode(name, ReadArguments()) : name;
    }

    private bool IsEndOfScope => Peek() == 'E' && (char.IsAsciiDigit(Peek(1)) || (Peek(1), Peek(2)) is ('o', 'n') or ('d', 'n'));

    // fpT, fp [qualifiers] [number] _, fL level p [qualifiers] [number] _
    private SequenceNode ReadFunctionParameter()
    {
        if (Take("fpT")) return new SequenceNode(true, Text("this"));
        bool isOuter = Peek(1) == 'L';
        _at += 2;
        if (isOuter)
        {
            ReadNumber();
            Expect("p");
        }

        ReadQualifiers();
        return new SequenceNode(true, Text($"{{parm#{Number((long)ReadOrdinal() + 1)}}}"));
    }

    private FoldNode ReadFold()
    {
        _at++;
        char kind = Next();
        Node sign = Text(ReadOperator().Name);
        Node first = new OperandNode(ReadExpression());
        return new FoldNode(kind switch
        {
            'l' => new SequenceNode(Text("(..."), sign, first, Text(")")),
            'r' => new SequenceNode(Text("("), first, sign, Text("...)")),
            _ => new SequenceNode(Text("("), first, sign, Text("..."), sign, new OperandNode(ReadExpression()), Text(")")),
        });
    }

    // di field value, dx index value, dX first last value; the value may be a further one
    private SequenceNode ReadDesignator()
    {
        Enter();
        _at++;
        Node place = Next() switch
        {
            'i' => new SequenceNode(Text("."), ReadSimpleName()),
            'x' => new SequenceNode(Text("["), ReadExpression(), Text("]")),
            _ => new SequenceNode(Text("["), ReadExpression(), Text(" ... "), ReadExpression(), Text("]")),
        };
        bool isFurther = Peek() == 'd' && Peek(1) is 'i' or 'x' or 'X';
        Node value = isFurther ? ReadDesignator() : new SequenceNode(Text("="), new OperandNode(ReadExpression()));
        return (SequenceNode)Leave(new SequenceNode(place, value));
    }

    // cv type expression, cv type _ expression... E
    private SequenceNode ReadCast()
    {
        _at += 2;
        Node type = ReadType();
        Node value = Take('_') ? ReadList('E') : ReadExpression();
        return new SequenceNode(Text("("), type, Text(")"), new OperandNode(value));
    }
}
