using System.Collections.Generic;

namespace Bpf.Loader.Symbols.Demangling.Itanium;

/// <summary>Functions, data, and what the compiler makes beside them.</summary>
internal sealed partial class ItaniumParser
{
    // encoding ::= name [bare-function-type] | special-name
    private Node ReadEncoding(bool isScope = false)
    {
        Enter();
        Node encoding = Peek() is 'G' or 'T' ? ReadSpecial() : ReadFunctionOrData(isScope);
        return Leave(encoding);
    }

    private Node ReadFunctionOrData(bool isScope)
    {
        var state = new NameState();
        Node name = ReadName(state);
        if (IsAtEnd) return name;
        Node? result = state is { Arguments: not null, HasNoResult: false } ? ReadType() : null;
        return new FunctionNode(isScope ? null : result, name, ReadParameters(), state.Arguments, state.Suffix.Length == 0 ? null : Text(state.Suffix));
    }

    private bool IsAtEnd => Peek() is '\0' or 'E' or '.';

    private List<Node> ReadParameters()
    {
        List<Node> parameters = [];
        if (Peek() == 'v' && Peek(1) is '\0' or 'E' or '.')
        {
            _at++;
            return parameters;
        }

        do parameters.Add(ReadType());
        while (!IsAtEnd);
        return parameters;
    }

    private SequenceNode ReadSpecial()
    {
        char kind = Next(), which = Next();
        switch (kind, which)
        {
            case ('T', 'V'): return Prefixed("vtable for ", ReadType());
            case ('T', 'T'): return Prefixed("VTT for ", ReadType());
            case ('T', 'I'): return Prefixed("typeinfo for ", ReadType());
            case ('T', 'S'): return Prefixed("typeinfo name for ", ReadType());
            case ('T', 'F'): return Prefixed("typeinfo fn for ", ReadType());
            case ('T', 'H'): return Prefixed("TLS init function for ", ReadName(new NameState()));
            case ('T', 'W'): return Prefixed("TLS wrapper function for ", ReadName(new NameState()));
            case ('T', 'A'): return Prefixed("template parameter object for ", ReadArgument());
            case ('T', 'h'):
                SkipOffset('h');
                return Prefixed("non-virtual thunk to ", ReadEncoding());
            case ('T', 'v'):
                SkipOffset('v');
                return Prefixed("virtual thunk to ", ReadEncoding());
            case ('T', 'c'):
                SkipOffset(Next());
                SkipOffset(Next());
                return Prefixed("covariant return thunk to ", ReadEncoding());
            case ('T', 'C'):
                Node derived = ReadType();
                ReadNumber();
                Expect("_");
                return new SequenceNode(Text("construction vtable for "), ReadType(), Text("-in-"), derived);
            case ('G', 'V'): return Prefixed("guard variable for ", ReadName(new NameState()));
            case ('G', 'R'):
                Node holder = ReadName(new NameState());
                int number = IsAtEnd ? 0 : ReadSequence();
                return Prefixed($"reference temporary #{Number(number)} for ", holder);
            case ('G', 'A'): return Prefixed("hidden alias for ", ReadEncoding());
            case ('G', 'I'): return Prefixed("initializer for module ", ReadModule() ?? throw Fail());
            case ('G', 'T'): return Prefixed(Next() == 'n' ? "non-transaction clone for " : "transaction clone for ", ReadEncoding());
            default: throw Fail();
        }
    }

    // How far a thunk moves its object: h NUMBER _, or v NUMBER _ NUMBER _.
    private void SkipOffset(char kind)
    {
        if (kind is not ('h' or 'v')) throw Fail();
        ReadDigits();
        Expect("_");
        if (kind == 'h') return;
        ReadDigits();
        Expect("_");
    }

    private static SequenceNode Prefixed(string prefix, Node node) => new(Text(prefix), node);
}
