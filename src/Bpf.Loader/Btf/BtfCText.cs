using System;
using System.Collections.Generic;
using System.IO;

namespace Bpf.Loader.Btf;

/// <summary>Writes types as C text: declarations inside out, bodies of structs with the padding that puts each member in its place.</summary>
internal sealed class BtfCText(BtfReader btf, BtfCNames names)
{
    // Far deeper than any C source nests; what goes deeper has a loop.
    private const int MaximumDepth = 128;

    // Names may be the tails of one long name; the text of what compilers make is not much longer than its BTF.
    private const long LeastCharacters = 16 << 20, CharactersPerByte = 64;

    // How often entries may be written: anonymous types are written wherever they are used, which is once in what compilers make,
    // but could be 2^n times in BTF made for that.
    private readonly long _budget = 100_000 + btf.TypeCount + (4L * btf.Types.Length / 8);
    private readonly BtfBudget _characters = new(LeastCharacters + (CharactersPerByte * SizeOf(btf)));
    private readonly BtfCBuffer _text = new();
    private readonly HashSet<BtfTypeId> _anonymousEnums = [];

    // Declarators grow at both ends: what comes before the name, the outermost last, and what comes behind it. Those of members of
    // anonymous types, and of parameters, begin where the one around them has got to.
    private readonly List<string> _before = [];
    private readonly BtfCBuffer _after = new();
    private long _written;
    private int _parameterDepth;

    /// <summary>Takes the text that was written since the last time.</summary>
    public string Take()
    {
        string text = _text.Text.ToString();
        _text.Length = 0;
        return text;
    }

    /// <summary>Prints the text that was written since the last time.</summary>
    public void Print(TextWriter writer)
    {
        writer.Write(_text.Text);
        _text.Length = 0;
    }

    /// <summary>Counts characters that are written or kept.</summary>
    /// <exception cref="BpfFormatException">They are far more than the types have bytes.</exception>
    public void Charge(int characters) => _characters.Spend(characters);

    public void Write(string text) => _text.Append(text);

    /// <summary>True when an anonymous enum was written already, where it was used.</summary>
    public bool HasWritten(BtfType anonymousEnum) => _anonymousEnums.Contains(anonymousEnum.Id);

    /// <summary>A declaration of something with that type: <c>int (*name)(void)</c>. Without a name it is the type's own name.</summary>
    public void WriteDeclaration(BtfTypeId id, ReadOnlySpan<byte> declarator, int indent, int depth = 0)
    {
        int before = _before.Count, after = _after.Length;
        string qualifiers = "", tags = "";
        bool isPointer = false;
        Charge(declarator.Length);
        for (int steps = 0; steps < 4 * MaximumDepth; steps++)
        {
            BtfType type = btf[id];
            switch (type.Kind)
            {
                case BtfKind.Const or BtfKind.Volatile or BtfKind.Restrict:
                    string word = type.Kind switch { BtfKind.Const => "const", BtfKind.Volatile => "volatile", _ => "restrict" };
                    if (!qualifiers.Contains(word, StringComparison.Ordinal)) qualifiers += word + " ";
                    break;
                case BtfKind.TypeTag:
                    // The tag that is written last stands first in the chain.
                    string tag = BpfText.Printable(type.Name);
                    tags = (type.KindFlag ? $"__attribute__(({tag})) " : $"__attribute__((btf_type_tag(\"{tag}\"))) ") + tags;
                    Charge(tags.Length);
                    break;
                case BtfKind.Pointer:
                    string own = qualifiers + tags;
                    _before.Add(own.Length == 0 ? "*" : IsEmpty(declarator) ? "* " + own.TrimEnd() : "* " + own);
                    Charge(own.Length + 1);
                    (qualifiers, tags, isPointer) = ("", "", true);
                    break;
                case BtfKind.Array:
                    // The qualifiers of an array are those of its elements.
                    if (isPointer) Enclose();
                    _after.Append('[');
                    _after.Append((ulong)type.Array.Count);
                    _after.Append(']');
                    isPointer = false;
                    id = type.Array.ElementTypeId;
                    continue;
                case BtfKind.FunctionPrototype:
                    if (isPointer) Enclose();
                    AppendParameters(type, indent, depth);
                    (qualifiers, tags, isPointer) = ("", "", false);
                    break;
                default:
                    _text.Append(qualifiers);
                    WriteBase(type, indent, depth);
                    if (tags.Length != 0)
                    {
                        _text.Append(' ');
                        _text.Append(tags.AsSpan(0, tags.Length - 1));
                    }

                    if (IsEmpty(declarator)) return;
                    if (_before.Count > before || (declarator.Length != 0 ? (char)declarator[0] : _after.Text[after]) != '[') _text.Append(' ');
                    for (int i = _before.Count - 1; i >= before; i--) _text.Append(_before[i]);
                    _text.Append(declarator);
                    _text.Append(_after.Text[after..]);
                    Charge(_after.Length - after);
                    _before.RemoveRange(before, _before.Count - before);
                    _after.Length = after;
                    return;
            }

            id = type.TypeId;
        }

        throw Endless(id);

        bool IsEmpty(ReadOnlySpan<byte> declarator) => declarator.Length == 0 && _before.Count == before && _after.Length == after;

        void Enclose()
        {
            _before.Add("(");
            _after.Append(')');
        }
    }

    /// <summary>A struct, union or enum with its body, without a semicolon.</summary>
    public void WriteDefinition(BtfType type, int indent, int depth = 0, bool withTag = true)
    {
        if (depth > MaximumDepth) throw Endless(type.Id);
        string tag = withTag ? names.Tag(type) : "";
        _text.Append(BtfCNames.Keyword(type));
        if (tag.Length != 0) _text.Append(' ');
        _text.Append(tag);
        _text.Append(" {");
        int before = _text.Length;
        if (type.IsComposite) new BtfCBody(btf, this, type, indent + 1, depth).Write();
        else WriteEnumerators(type, indent + 1);

        // One that is defined in a list of parameters is known there and nowhere else.
        if (type.IsEnum && tag.Length == 0 && _parameterDepth == 0) _anonymousEnums.Add(type.Id);
        if (_text.Length != before)
        {
            _text.Append('\n');
            Indent(indent);
        }

        _text.Append('}');
        if (BtfReader.IsPacked(type)) _text.Append(" __attribute__((packed))");
        if (type.IsEnum) _text.Append(Mode(type));
    }

    /// <summary>Begins a line for a member, enumerator or padding.</summary>
    public BtfCBuffer Line(int indent)
    {
        if (++_written > _budget) throw new BpfFormatException("The types use anonymous types so often that their text would not end.", ".BTF types", null, BpfDiagnosticId.BadBtfReference);
        Charge(indent + 1);
        _text.Append('\n');
        Indent(indent);
        return _text;
    }

    private void Indent(int indent) => _text.Append('\t', indent);

    private void WriteBase(BtfType type, int indent, int depth)
    {
        Charge(type.NameUtf8.Length);
        switch (type.Kind)
        {
            case BtfKind.Void:
                _text.Append("void");
                break;
            case BtfKind.Struct or BtfKind.Union or BtfKind.Enum or BtfKind.Enum64 when type.IsAnonymous:
                WriteDefinition(type, indent, depth + 1);
                break;
            case BtfKind.Struct or BtfKind.Union or BtfKind.Enum or BtfKind.Enum64 or BtfKind.Forward:
                _text.Append(BtfCNames.Keyword(type));
                _text.Append(' ');
                _text.Append(names.Tag(type));
                break;
            case BtfKind.Typedef:
                _text.Append(names.Typedef(type));
                break;
            case BtfKind.Int or BtfKind.Float:
                _text.Append(type.NameUtf8);
                break;
            default:
                throw new BpfFormatException($"Type {type} is used where C needs a type.", ".BTF types", type.Offset, BpfDiagnosticId.BadBtfReference);
        }
    }

    /// <summary>Writes parameters behind the declarator.</summary>
    private void AppendParameters(BtfType prototype, int indent, int depth)
    {
        if (depth > MaximumDepth) throw Endless(prototype.Id);
        BtfParameterCollection parameters = prototype.Parameters;

        // Some compilers write f(void) as one parameter of type void.
        if (parameters.Count == 0 || (parameters.Count == 1 && parameters[0].TypeId.IsVoid))
        {
            _after.Append("(void)");
            return;
        }

        if ((_written += parameters.Count) > _budget) throw Endless(prototype.Id);
        int begin = _text.Length;
        _parameterDepth++;
        _text.Append('(');
        for (int i = 0; i < parameters.Count; i++)
        {
            if (i != 0) _text.Append(", ");
            if (i == parameters.Count - 1 && parameters[i].TypeId.IsVoid) _text.Append("...");
            else WriteDeclaration(parameters[i].TypeId, parameters[i].NameUtf8, indent, depth + 1);
        }

        _parameterDepth--;
        _text.Append(')');
        _after.Append(_text.Text[begin..]);
        _text.Length = begin;
    }

    private void WriteEnumerators(BtfType type, int indent)
    {
        foreach (BtfEnumerator value in type.Enumerators)
        {
            Charge(value.NameUtf8.Length);
            BtfCBuffer line = Line(indent);
            line.Append(names.Identifier(value.Name));
            line.Append(" = ");
            if (type.KindFlag) line.Append(value.Value);
            else line.Append(type.Kind == BtfKind.Enum64 ? (ulong)value.Value : (uint)value.Value);
            if (type.Kind == BtfKind.Enum64) line.Append(type.KindFlag ? "LL" : "ULL");
            line.Append(',');
        }
    }

    /// <summary>The attribute that gives an enum a size which its values alone would not.</summary>
    private static string Mode(BtfType type)
    {
        if (type.Size == 1) return " __attribute__((mode(byte)))";
        if (type.Size == 2) return " __attribute__((mode(HI)))";
        if (type.Size != 8) return "";
        foreach (BtfEnumerator value in type.Enumerators)
        {
            if (type.KindFlag ? value.Value is < int.MinValue or > int.MaxValue : (ulong)value.Value > uint.MaxValue) return "";
        }

        return " __attribute__((mode(word)))";
    }

    private static long SizeOf(BtfReader btf)
    {
        long size = 0;
        for (BtfReader? part = btf; part is not null; part = part.Base) size += part.Raw.Length;
        return size;
    }

    private static BpfFormatException Endless(BtfTypeId id) =>
        new($"Type {id} is nested in itself or too deeply to be written as C.", ".BTF types", null, BpfDiagnosticId.BadBtfReference);
}
