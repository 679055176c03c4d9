using System;
using System.IO;
using System.Text;

namespace Bpf.Loader.Btf;

/// <summary>
/// Prints types as C. Types come after the types that they need: those that they hold by value are defined before, of those
/// behind pointers the tag is declared. Each type is printed once by a printer. The order depends on nothing but the BTF.
/// </summary>
/// <remarks>Variables, functions and tags on declarations are not types of C, and are not printed.</remarks>
public sealed partial class BtfCPrinter
{
    private readonly BtfReader _btf;
    private readonly BtfCNames _names = new();
    private readonly BtfCText _text;
    private readonly State[] _states;
    private TextWriter _writer = TextWriter.Null;

    /// <summary>Makes a printer that has printed nothing yet.</summary>
    public BtfCPrinter(BtfReader btf)
    {
        ArgumentNullException.ThrowIfNull(btf);
        _btf = btf;
        _text = new BtfCText(btf, _names);
        _states = new State[btf.TypeCount];
    }

    /// <summary>The declaration of something with a type, as in <c>int (*name)(void)</c>; without a name, the type as in a cast.</summary>
    /// <exception cref="BpfFormatException">The type does not exist, or has a loop that C cannot express.</exception>
    public static string Declaration(BtfReader btf, BtfTypeId id, string name = "")
    {
        ArgumentNullException.ThrowIfNull(btf);
        ArgumentNullException.ThrowIfNull(name);
        var text = new BtfCText(btf, new BtfCNames());
        text.WriteDeclaration(id, Encoding.UTF8.GetBytes(BpfText.Printable(name)), 0);
        return text.Take();
    }

    /// <summary>The definition of a struct, union, enum or typedef alone, without what it needs, ended by a semicolon.</summary>
    /// <exception cref="ArgumentException">The type is none of these.</exception>
    /// <exception cref="BpfFormatException">The type does not exist, or has a loop that C cannot express.</exception>
    public static string Definition(BtfReader btf, BtfTypeId id)
    {
        ArgumentNullException.ThrowIfNull(btf);
        BtfType type = btf[id];
        var text = new BtfCText(btf, new BtfCNames());
        if (type.Kind == BtfKind.Forward) return $"{BtfCNames.Keyword(type)} {BpfText.Printable(type.Name)};";
        if (type.Kind == BtfKind.Typedef)
        {
            text.Write("typedef ");
            text.WriteDeclaration(type.TypeId, type.NameUtf8, 0);
        }
        else if (type.IsComposite || type.IsEnum)
        {
            text.WriteDefinition(type, 0);
        }
        else
        {
            throw new ArgumentException($"Type {type} is not defined in C: it is no struct, union, enum or typedef.", nameof(id));
        }

        return text.Take() + ";";
    }

    /// <summary>
    /// Prints a type and everything that it needs and that was not printed yet. An anonymous enum is printed unless a struct was that
    /// has it in its body: print the structs first.
    /// </summary>
    /// <exception cref="BpfFormatException">The types have a loop that C cannot express.</exception>
    public void Write(TextWriter writer, BtfTypeId id)
    {
        ArgumentNullException.ThrowIfNull(writer);
        _writer = writer;
        _steps = 0;
        BtfType type = _btf[id];
        if (type.IsEnum && type.IsAnonymous)
        {
            // It is there for its constants, which a struct that holds it may have defined.
            if (type.VariableLength != 0 && !_text.HasWritten(type)) Define(type);
            return;
        }

        Require(id, isStrong: true, default, 0);
    }

    /// <summary>Prints all types; of split BTF its own, and of its base what they need.</summary>
    /// <exception cref="BpfFormatException">The types have a loop that C cannot express.</exception>
    public void WriteAll(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        GiveNames();
        for (int i = _btf.FirstId; i < _btf.TypeCount; i++)
        {
            BtfType type = _btf[new BtfTypeId(i)];
            if (!type.IsAnonymous && (type.IsComposite || type.IsEnum || type.Kind is BtfKind.Forward or BtfKind.Typedef)) Write(writer, type.Id);
        }

        for (int i = _btf.FirstId; i < _btf.TypeCount; i++)
        {
            BtfType type = _btf[new BtfTypeId(i)];
            if (type.IsEnum && type.IsAnonymous) Write(writer, type.Id);
        }
    }

    /// <summary>Gives names in the order of ids, so that a type's name does not depend on what uses it.</summary>
    private void GiveNames()
    {
        _names.Reserve(_btf.TypeCount);
        for (int i = _btf.FirstId; i < _btf.TypeCount; i++)
        {
            BtfType type = _btf[new BtfTypeId(i)];
            _text.Charge(type.NameUtf8.Length);
            if (type.IsComposite || (type.IsEnum && type.VariableLength != 0)) _names.Tag(type);
            else if (type.Kind == BtfKind.Typedef) _names.Typedef(type);
        }
    }
}
