using System.Collections.Generic;

namespace Bpf.Loader.Symbols.Demangling.Itanium;

/// <summary>Templates' parameters and arguments, and what was named before.</summary>
internal sealed partial class ItaniumParser
{
    private ListNode ReadArguments()
    {
        Expect("I");
        (Node? lastName, bool isInConversion) = (_lastName, _isInConversion);
        _isInConversion = false;
        List<Node> arguments = [];
        while (!Take('E')) arguments.Add(ReadArgument());
        (_lastName, _isInConversion) = (lastName, isInConversion);
        return new ListNode(arguments);
    }

    private Node ReadArgument()
    {
        switch (Peek())
        {
            case 'X':
                _at++;
                Node expression = ReadExpression();
                Expect("E");
                return expression;
            case 'L': return ReadLiteral();
            case 'I' or 'J':
                Enter();
                _at++;
                List<Node> pack = [];
                while (!Take('E')) pack.Add(ReadArgument());
                return Leave(new ListNode(pack));
            case 'T' when Peek(1) is 'y' or 'n' or 't' or 'p':
                SkipParameterDeclaration();
                return ReadArgument();
            default: return ReadType();
        }
    }

    // What kind of parameter an argument is for, where that is not plain: Ty, Tn type, Tt parameter... E, Tp parameter
    private void SkipParameterDeclaration()
    {
        Enter();
        Expect("T");
        switch (Next())
        {
            case 'y':
                break;
            case 'n':
                ReadType();
                break;
            case 't':
                while (!Take('E')) SkipParameterDeclaration();
                break;
            case 'p':
                SkipParameterDeclaration();
                break;
            default: throw Fail();
        }

        _depth--;
    }

    // T_ T0_ T1_, with L level _ of templates within templates
    private ReferenceNode ReadParameter()
    {
        Expect("T");
        if (Take('L')) ReadOrdinal();
        return new ReferenceNode(ReadOrdinal());
    }

    // S_ S0_, or one of the standard library's: those of classes are written out where constructors follow.
    private Node ReadSubstitution(bool isFull)
    {
        Expect("S");
        if (Peek() == '_' || char.IsAsciiDigit(Peek()) || char.IsAsciiLetterUpper(Peek()))
        {
            int index = ReadSequence();
            return index < _substitutions.Count ? _substitutions[index] : throw Fail();
        }

        (string name, string full, string last) = Next() switch
        {
            't' => ("std", "std", "std"),
            'a' => ("std::allocator", "std::allocator", "allocator"),
            'b' => ("std::basic_string", "std::basic_string", "basic_string"),
            's' => ("std::string", "std::basic_string<char, std::char_traits<char>, std::allocator<char> >", "basic_string"),
            'i' => ("std::istream", "std::basic_istream<char, std::char_traits<char> >", "basic_istream"),
            'o' => ("std::ostream", "std::basic_ostream<char, std::char_traits<char> >", "basic_ostream"),
            'd' => ("std::iostream", "std::basic_iostream<char, std::char_traits<char> >", "basic_iostream"),
            _ => throw Fail(),
        };
        _lastName = Text(last);
        Node node = Text(verbose || isFull ? full : name);
        while (Take('B')) node = Remember(new SequenceNode(true, node, Text($"[abi:{ReadIdentifier()}]")));
        return node;
    }
}
