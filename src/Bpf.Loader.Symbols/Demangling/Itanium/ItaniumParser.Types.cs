using System.Collections.Generic;

namespace Bpf.Loader.Symbols.Demangling.Itanium;

/// <summary>Types.</summary>
internal sealed partial class ItaniumParser
{
    private Node ReadType()
    {
        Enter();
        return Leave(ReadAnyType());
    }

    private Node ReadAnyType()
    {
        if (BuiltinTypes.Find(Peek()) is string builtin)
        {
            _at++;
            return new NameNode(builtin, isSimple: false);
        }

        switch (Peek())
        {
            case 'r' or 'V' or 'K':
                string qualifiers = ReadQualifiers();
                return Remember(StartsFunction() ? ReadFunctionType(qualifiers) : new SuffixNode(ReadType(), Text(qualifiers)));
            case 'F': return Remember(ReadFunctionType(""));
            case 'P': return ReadPointer("*");
            case 'R': return ReadPointer("&");
            case 'O': return ReadPointer("&&");
            case 'C': return ReadSuffixed(" _Complex");
            case 'G': return ReadSuffixed(" _Imaginary");
            case 'A': return Remember(ReadArray());
            case 'M':
                _at++;
                Node owner = ReadType();
                return Remember(new PointerNode(ReadType(), "::*", owner));
            case 'T' when Peek(1) is 's' or 'u' or 'e':
                _at += 2; // struct, union, enum
                return Remember(ReadName(new NameState()));
            case 'T':
                Node parameter = Remember(ReadParameter());
                return Peek() == 'I' && !_isInConversion ? Remember(new TemplateNode(parameter, ReadArguments())) : parameter;
            case 'S' when Peek(1) != 't':
                Node known = ReadSubstitution(false);
                return Peek() == 'I' ? Remember(new TemplateNode(known, ReadArguments())) : known;
            case 'D': return ReadExtendedType();
            case 'U' when char.IsAsciiDigit(Peek(1)): return Remember(ReadVendorQualified());
            case 'u':
                _at++;
                Node vendor = Text(ReadIdentifier());
                return Remember(Peek() == 'I' ? new SequenceNode(vendor, Text("("), ReadArguments(), Text(")")) : vendor);
            default: return Remember(ReadName(new NameState()));
        }
    }

    private Node ReadPointer(string sign)
    {
        _at++;
        return Remember(new PointerNode(ReadType(), sign));
    }

    private Node ReadSuffixed(string suffix)
    {
        _at++;
        return Remember(new SuffixNode(ReadType(), Text(suffix)));
    }

    private SuffixNode ReadVendorQualified()
    {
        _at++;
        Node name = Text($" {ReadIdentifier()}");
        if (Peek() == 'I') name = new TemplateNode(name, ReadArguments());
        return new SuffixNode(ReadType(), name);
    }

    // r V K, of which the last is printed first: it is the closest to the type.
    private string ReadQualifiers()
    {
        string qualifiers = "";
        while (Peek() is 'r' or 'V' or 'K')
            qualifiers = (Next() switch { 'r' => " restrict", 'V' => " volatile", _ => " const" }) + qualifiers;
        return qualifiers;
    }

    private Node ReadExtendedType()
    {
        switch (Peek(1))
        {
            case 'p':
                _at += 2;
                return Remember(new ExpansionNode(ReadType()));
            case 't' or 'T': return Remember(ReadDecltype());
            case 'v': return Remember(ReadVector());
            case 'o' or 'O' or 'w' or 'x': return Remember(ReadFunctionType(""));
            case 'F':
                _at += 2;
                string size = ReadDigits();
                if (Take('b')) return new NameNode("std::bfloat16_t", isSimple: false);
                bool isExtended = Take('x');
                if (!isExtended) Expect("_");
                return new NameNode($"_Float{size}{(isExtended ? "x" : "")}", isSimple: false);
            case 'B' or 'U':
                bool isSigned = Peek(1) == 'B';
                _at += 2;
                Node bits = char.IsAsciiDigit(Peek()) ? Text(ReadDigits()) : ReadExpression();
                Expect("_");
                return Remember(new SequenceNode(Text(isSigned ? "_BitInt(" : "unsigned _BitInt("), bits, Text(")")));
            default:
                string name = BuiltinTypes.FindExtended(Peek(1)) ?? throw Fail();
                _at += 2;
                return new NameNode(name, isSimple: false);
        }
    }

    private SequenceNode ReadDecltype()
    {
        _at += 2;
        Node expression = ReadExpression();
        Expect("E");
        return new SequenceNode(Text("decltype ("), expression, Text(")"));
    }

    // Dv number _ type, or Dv [expression] _ type
    private SuffixNode ReadVector()
    {
        _at += 2;
        Node length = Text("");
        if (char.IsAsciiDigit(Peek())) length = Text(ReadDigits());
        else if (Peek() != '_') length = ReadExpression();
        Expect("_");
        return new SuffixNode(ReadType(), new SequenceNode(Text(" __vector("), length, Text(")")));
    }

    private ArrayNode ReadArray()
    {
        _at++;
        Node? bound = null;
        if (char.IsAsciiDigit(Peek())) bound = Text(ReadDigits());
        else if (Peek() != '_') bound = ReadExpression();
        Expect("_");
        return new ArrayNode(ReadType(), bound);
    }

    private bool StartsFunction() => Peek() == 'F' || (Peek() == 'D' && Peek(1) is 'o' or 'O' or 'w' or 'x');

    // [Do | DO expression E | Dw type... E] [Dx] F [Y] result parameter... [R | O] E
    private FunctionNode ReadFunctionType(string qualifiers)
    {
        List<Node> suffix = [];
        if (Take("Do"))
        {
            suffix.Add(Text(" noexcept"));
        }
        else if (Take("DO"))
        {
            suffix.AddRange([Text(" noexcept("), ReadExpression(), Text(")")]);
            Expect("E");
        }
        else if (Take("Dw"))
        {
            List<Node> thrown = [];
            while (!Take('E')) thrown.Add(ReadType());
            suffix.AddRange([Text(" throw("), new ListNode(thrown), Text(")")]);
        }

        if (Take("Dx")) suffix.Insert(0, Text(" transaction_safe"));
        Expect("F");
        Take('Y'); // extern "C"
        Node result = ReadType();
        List<Node> parameters = ReadTypeParameters();
        string reference = Take('R') ? " &" : Take('O') ? " &&" : "";
        Expect("E");
        suffix.Insert(0, Text(qualifiers + reference));
        return new FunctionNode(result, null, parameters, null, new SequenceNode([.. suffix]));
    }

    private List<Node> ReadTypeParameters()
    {
        List<Node> parameters = [];
        if (Peek() == 'v' && (Peek(1) == 'E' || EndsInReference(1)))
        {
            _at++;
            return parameters;
        }

        while (Peek() != 'E' && !EndsInReference(0)) parameters.Add(ReadType());
        return parameters;
    }

    // R or O before the end is of the function, before a type of the type.
    private bool EndsInReference(int ahead) => Peek(ahead) is 'R' or 'O' && Peek(ahead + 1) == 'E';
}
