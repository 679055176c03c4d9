using System;
using System.Collections.Generic;
using System.Text;

namespace Bpf.Loader.Symbols.Demangling.Itanium;

/// <summary>Names with their scopes.</summary>
internal sealed partial class ItaniumParser
{
    // name ::= nested-name | local-name | unscoped-name | unscoped-template-name template-args
    private Node ReadName(NameState state)
    {
        Enter();
        return Leave(ReadAnyName(state));
    }

    private Node ReadAnyName(NameState state)
    {
        if (Take('N')) return ReadNestedName(state);
        if (Take('Z')) return ReadLocalName(state);
        if (Peek() == 'S' && Peek(1) != 't')
        {
            Node known = ReadSubstitution(false);
            if (Peek() != 'I') return known;
            return ReadTemplate(known, state);
        }

        Node? scope = Take("St") ? Text("std") : null;
        Node name = ReadUnqualified(scope, state);
        if (Peek() != 'I') return name;
        Remember(name);
        return ReadTemplate(name, state);
    }

    private TemplateNode ReadTemplate(Node name, NameState state)
    {
        ListNode arguments = ReadArguments();
        state.Arguments = arguments.Items;
        return new TemplateNode(name, arguments);
    }

    // N [CV-qualifiers] [ref-qualifier] prefix unqualified-name E
    private Node ReadNestedName(NameState state)
    {
        bool isExplicit = Take('H'); // with an explicit object parameter: "this" is written
        state.Suffix = isExplicit ? "" : ReadQualifiers();
        if (Take('R')) state.Suffix += " &";
        else if (Take('O')) state.Suffix += " &&";

        Node? scope = null;
        while (!Take('E'))
        {
            bool isKnown = false;
            state.Arguments = null;
            switch (Peek())
            {
                case 'S' when Take("St"):
                    scope = Text("std");
                    isKnown = true;
                    break;
                case 'S':
                    if (scope is not null) throw Fail();
                    scope = ReadSubstitution(Peek(2) is 'C' or 'D');
                    isKnown = true;
                    break;
                case 'T':
                    if (scope is not null) throw Fail();
                    scope = ReadParameter();
                    break;
                case 'I':
                    scope = ReadTemplate(scope ?? throw Fail(), state);
                    break;
                case 'D' when Peek(1) is 't' or 'T':
                    if (scope is not null) throw Fail();
                    scope = ReadDecltype();
                    break;
                case 'M':
                    _at++; // of a member that a lambda initialises
                    continue;
                default:
                    scope = ReadUnqualified(scope, state);
                    break;
            }

            if (!isKnown && Peek() != 'E') Remember(scope);
        }

        return scope ?? throw Fail();
    }

    // Z encoding E entity, or a text, or in an argument's default
    private QualifiedNode ReadLocalName(NameState state)
    {
        Node scope = ReadEncoding(isScope: true);
        Expect("E");
        if (Take('s'))
        {
            SkipDiscriminator();
            return new QualifiedNode(scope, Text("string literal"), isLocal: true);
        }

        if (!Take('d'))
        {
            Node entity = ReadName(state);
            SkipDiscriminator();
            return new QualifiedNode(scope, entity, isLocal: true);
        }

        Node place = Text($"{{default arg#{Number(ReadOrdinal() + 1)}}}");
        return new QualifiedNode(scope, new QualifiedNode(place, ReadName(state)), isLocal: true);
    }

    // unqualified-name, with the module that it is attached to before it, and its ABI tags behind
    private Node ReadUnqualified(Node? scope, NameState state)
    {
        state.HasNoResult = false;
        Node? module = Peek() == 'W' ? ReadModule() : null;
        bool isFriend = Take('F');
        _ = isFriend; // it is shown like any other
        bool isInternal = Take('L');
        Node name = Peek() switch
        {
            >= '0' and <= '9' => ReadSourceName(),
            'C' or 'D' when Peek() == 'C' || Peek(1) != 'C' => ReadConstructor(state),
            'D' => ReadBinding(),
            'U' => ReadUnnamed(),
            >= 'a' and <= 'z' => ReadOperatorName(state),
            _ => throw Fail(),
        };
        if (isInternal) SkipDiscriminator();
        if (module is not null) name = new SequenceNode(true, name, Text("@"), module);
        while (Take('B')) name = new SequenceNode(true, name, Text($"[abi:{ReadIdentifier()}]"));
        return scope is null ? name : new QualifiedNode(scope, name);
    }

    private Node ReadSourceName()
    {
        string name = ReadIdentifier();
        bool isAnonymous = name.Length >= 10 && name.StartsWith("_GLOBAL_", StringComparison.Ordinal) && name[8] is '.' or '_' or '$' && name[9] == 'N';
        return _lastName = Text(isAnonymous ? "(anonymous namespace)" : name);
    }

    private string ReadIdentifier()
    {
        int length = ReadNumber();
        if (length == 0 || length > text.Length - _at) throw Fail();
        _at += length;
        return text.Substring(_at - length, length);
    }

    // C1 C2 C3, with I of a base whose constructor is inherited; D0 D1 D2
    private Node ReadConstructor(NameState state)
    {
        Node name = _lastName ?? throw Fail();
        state.HasNoResult = true;
        if (Take('D')) return Next() is >= '0' and <= '5' ? new SequenceNode(true, Text("~"), name) : throw Fail();
        _at++;
        bool isInherited = Take('I');
        if (Next() is < '1' or > '5') throw Fail();
        if (!isInherited) return name;
        // It is shown by the name of the base.
        ReadType();
        return _lastName ?? name;
    }

    // DC name... E
    private SequenceNode ReadBinding()
    {
        Expect("DC");
        List<Node> names = [];
        do names.Add(ReadSourceName());
        while (!Take('E'));
        return new SequenceNode(true, Text("["), new ListNode(names), Text("]"));
    }

    // Ut [number] _, or Ul signature E [number] _
    private Node ReadUnnamed()
    {
        if (Take("Ut")) return new SequenceNode(true, Text($"{{unnamed type#{Number(ReadOrdinal() + 1)}}}"));
        Expect("Ul");
        while (Peek() == 'T' && Peek(1) is 'y' or 'n' or 't' or 'p') SkipParameterDeclaration();
        List<Node> parameters = ReadParameters();
        Expect("E");
        return new LambdaNode(parameters, ReadOrdinal() + 1);
    }

    // operator-name
    private SequenceNode ReadOperatorName(NameState state)
    {
        if (Take("on")) return ReadOperatorName(state);
        if (Take("cv"))
        {
            bool isInConversion = _isInConversion;
            _isInConversion = true;
            Node type = ReadType();
            _isInConversion = isInConversion;
            state.HasNoResult = true;
            return new SequenceNode(true, Text("operator "), type);
        }

        if (Peek() == 'v' && char.IsAsciiDigit(Peek(1)))
        {
            _at += 2;
            return new SequenceNode(true, Text("operator "), ReadSourceName());
        }

        Operator known = ReadOperator();
        if (known.Code == "li") return new SequenceNode(true, Text("operator\"\" "), ReadSourceName());
        string name = known.Name.TrimEnd();
        return new SequenceNode(true, Text(char.IsAsciiLetter(name[0]) ? $"operator {name}" : $"operator{name}"));
    }

    private Operator ReadOperator() => Operator.Find(Next(), Next()) ?? throw Fail();

    // W name for each part of a module's name, WP for its partition
    private NameNode? ReadModule()
    {
        var name = new StringBuilder();
        while (Take('W'))
        {
            if (Take('P')) name.Append(':');
            else if (name.Length > 0) name.Append('.');
            name.Append(Peek() == 'S' ? throw Fail() : ReadIdentifier());
        }

        return name.Length == 0 ? null : Text(name.ToString());
    }
}
