using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Bpf.Loader.Btf;

/// <summary>Writes types as C text: declarations inside out, bodies of structs with the padding that puts each member in its place.</summary>
internal sealed class BtfCText(BtfReader btf, BtfCNames names)
{
    // Far deeper than any C source nests; what goes deeper has a loop.
    private const int MaximumDepth = 128;

    // How often entries may be written: anonymous types are written wherever they are used, which is once in what compilers make,
    // but could be 2^n times in BTF made for that.
    private readonly long _budget = 100_000 + btf.TypeCount + (4L * btf.Types.Length / 8);
    private readonly StringBuilder _text = new();
    private readonly HashSet<BtfTypeId> _anonymousEnums = [];
    private long _written;

    /// <summary>Takes the text that was written since the last time.</summary>
    public string Take()
    {
        string text = _text.ToString();
        _text.Clear();
        return text;
    }

    public void Write(string text) => _text.Append(text);

    /// <summary>True when an anonymous enum was written already, where it was used.</summary>
    public bool HasWritten(BtfType anonymousEnum) => _anonymousEnums.Contains(anonymousEnum.Id);

    /// <summary>A declaration of something with that type: <c>int (*name)(void)</c>. Without a name it is the type's own name.</summary>
    public void WriteDeclaration(BtfTypeId id, string declarator, int indent, int depth = 0)
    {
        string qualifiers = "", tags = "";
        bool isPointer = false;
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
                    tags = (type.KindFlag ? $"__attribute__(({type.Name})) " : $"__attribute__((btf_type_tag(\"{type.Name}\"))) ") + tags;
                    break;
                case BtfKind.Pointer:
                    string own = qualifiers + tags;
                    declarator = own.Length == 0 ? "*" + declarator : declarator.Length == 0 ? "* " + own.TrimEnd() : $"* {own}{declarator}";
                    (qualifiers, tags, isPointer) = ("", "", true);
                    break;
                case BtfKind.Array:
                    // The qualifiers of an array are those of its elements.
                    declarator = $"{(isPointer ? $"({declarator})" : declarator)}[{type.Array.Count.ToString(CultureInfo.InvariantCulture)}]";
                    isPointer = false;
                    id = type.Array.ElementTypeId;
                    continue;
                case BtfKind.FunctionPrototype:
                    declarator = (isPointer ? $"({declarator})" : declarator) + Parameters(type, indent, depth);
                    (qualifiers, tags, isPointer) = ("", "", false);
                    break;
                default:
                    _text.Append(qualifiers);
                    WriteBase(type, indent, depth);
                    if (tags.Length != 0) _text.Append(' ').Append(tags, 0, tags.Length - 1);
                    if (declarator.Length != 0)
                    {
                        if (declarator[0] != '[') _text.Append(' ');
                        _text.Append(declarator);
                    }

                    return;
            }

            id = type.TypeId;
        }

        throw Endless(id);
    }

    /// <summary>A struct, union or enum with its body, without a semicolon.</summary>
    public void WriteDefinition(BtfType type, int indent, int depth = 0)
    {
        if (depth > MaximumDepth) throw Endless(type.Id);
        string tag = names.Tag(type);
        _text.Append(BtfCNames.Keyword(type)).Append(tag.Length == 0 ? "" : " ").Append(tag).Append(" {");
        int before = _text.Length;
        if (type.IsComposite) new BtfCBody(btf, this, type, indent + 1, depth).Write();
        else WriteEnumerators(type, indent + 1);
        if (type.IsEnum && tag.Length == 0) _anonymousEnums.Add(type.Id);
        if (_text.Length != before)
        {
            _text.Append('\n');
            Indent(indent);
        }

        _text.Append('}');
        if (btf.IsPacked(type)) _text.Append(" __attribute__((packed))");
        if (type.IsEnum) _text.Append(Mode(type));
    }

    /// <summary>Begins a line for a member, enumerator or padding.</summary>
    public StringBuilder Line(int indent)
    {
        if (++_written > _budget) throw new BpfFormatException("The types use anonymous types so often that their text would not end.", ".BTF types", null, BpfDiagnosticId.BadBtfReference);
        _text.Append('\n');
        Indent(indent);
        return _text;
    }

    private void Indent(int indent) => _text.Append('\t', indent);

    private void WriteBase(BtfType type, int indent, int depth)
    {
        switch (type.Kind)
        {
            case BtfKind.Void:
                _text.Append("void");
                break;
            case BtfKind.Struct or BtfKind.Union or BtfKind.Enum or BtfKind.Enum64 when type.NameUtf8.IsEmpty:
                WriteDefinition(type, indent, depth + 1);
                break;
            case BtfKind.Struct or BtfKind.Union or BtfKind.Enum or BtfKind.Enum64 or BtfKind.Forward:
                _text.Append(BtfCNames.Keyword(type)).Append(' ').Append(names.Tag(type));
                break;
            case BtfKind.Typedef:
                _text.Append(names.Typedef(type));
                break;
            case BtfKind.Int or BtfKind.Float:
                _text.Append(type.Name);
                break;
            default:
                throw new BpfFormatException($"Type {type} is used where C needs a type.", ".BTF types", type.Offset, BpfDiagnosticId.BadBtfReference);
        }
    }

    private string Parameters(BtfType prototype, int indent, int depth)
    {
        if (depth > MaximumDepth) throw Endless(prototype.Id);
        BtfParameterCollection parameters = prototype.Parameters;

        // Some compilers write f(void) as one parameter of type void.
        if (parameters.Count == 0 || (parameters.Count == 1 && parameters[0].TypeId.IsVoid)) return "(void)";
        if ((_written += parameters.Count) > _budget) throw Endless(prototype.Id);
        var inner = new BtfCText(btf, names) { _written = _written };
        inner._text.Append('(');
        for (int i = 0; i < parameters.Count; i++)
        {
            if (i != 0) inner._text.Append(", ");
            if (i == parameters.Count - 1 && parameters[i].TypeId.IsVoid) inner._text.Append("...");
            else inner.WriteDeclaration(parameters[i].TypeId, parameters[i].Name, indent, depth + 1);
        }

        _written = inner._written;
        return inner._text.Append(')').ToString();
    }

    private void WriteEnumerators(BtfType type, int indent)
    {
        foreach (BtfEnumerator value in type.Enumerators)
        {
            StringBuilder line = Line(indent).Append(names.Identifier(value.Name)).Append(" = ");
            _ = type.Kind switch
            {
                BtfKind.Enum64 when type.KindFlag => line.Append(CultureInfo.InvariantCulture, $"{value.Value}LL"),
                BtfKind.Enum64 => line.Append(CultureInfo.InvariantCulture, $"{(ulong)value.Value}ULL"),
                _ when type.KindFlag => line.Append(CultureInfo.InvariantCulture, $"{value.Value}"),
                _ => line.Append(CultureInfo.InvariantCulture, $"{(uint)value.Value}"),
            };
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

    private static BpfFormatException Endless(BtfTypeId id) =>
        new($"Type {id} is nested in itself or too deeply to be written as C.", ".BTF types", null, BpfDiagnosticId.BadBtfReference);
}
