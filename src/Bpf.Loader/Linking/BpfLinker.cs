using System;
using System.Collections.Generic;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Linking;

/// <summary>
/// Links objects that clang compiled into one, by the rules of libbpf and of <c>bpftool gen object</c>: sections of a name are put
/// behind each other, externs find their definitions, strong definitions override weak ones, and types are merged. Programs, maps and
/// variables may be spread over as many C files as are wanted.
/// </summary>
/// <remarks>No system call is made. Not safe for use by several threads at once.</remarks>
public sealed class BpfLinker
{
    private const int FirstSection = 3; // the strings and the symbols come first

    private readonly BtfStringTable _names = new(null, []);
    private readonly List<OutputSection> _sections = [];
    private readonly Dictionary<string, OutputSection> _byName = new(StringComparer.Ordinal);
    private readonly SymbolLinker _symbols;
    private readonly TypeLinker _types;
    private int _nextIndex = FirstSection;
    private bool? _isBigEndian;
    private bool _isBroken;

    /// <summary>Begins with nothing.</summary>
    public BpfLinker()
    {
        _symbols = new SymbolLinker(_names);
        _types = new TypeLinker(_symbols);
        _names.Add(".strtab"u8);
        _names.Add(".symtab"u8);
    }

    /// <summary>Links objects into one.</summary>
    /// <param name="objects">The objects, with the names that messages have for them. The order counts: of weak definitions, the first wins.</param>
    /// <returns>The bytes of the linked object.</returns>
    /// <exception cref="BpfFormatException">An object is malformed, or does not go with the others; the message tells what and why.</exception>
    public static byte[] Link(params ReadOnlySpan<(string Name, ReadOnlyMemory<byte> Image)> objects)
    {
        var linker = new BpfLinker();
        foreach ((string name, ReadOnlyMemory<byte> image) in objects) linker.Add(image, name);
        return linker.ToArray();
    }

    /// <summary>Adds an object.</summary>
    /// <param name="image">The bytes of the file; they must not change before the end of linking.</param>
    /// <param name="name">The name of the file, for messages.</param>
    /// <exception cref="BpfFormatException">The object is malformed, or does not go with those before; the message tells what and why.</exception>
    /// <exception cref="InvalidOperationException">An object before it was refused: begin anew.</exception>
    public void Add(ReadOnlyMemory<byte> image, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        ThrowIfBroken();
        _isBroken = true;
        LinkInput input = LinkInputReader.Read(image, name);
        if (_isBigEndian is bool big && big != input.Elf.IsBigEndian)
        {
            throw input.Fail(
                BpfDiagnosticId.LinkByteOrder,
                $"The object is for {Order(input.Elf.IsBigEndian)} machines, and those before it are for {Order(big)} ones: compile all with the same target, bpfel or bpfeb.");
        }

        _isBigEndian = input.Elf.IsBigEndian;
        foreach (InputSection section in input.Sections)
        {
            if (section.IsContent) AppendContent(input, section);
        }

        _symbols.Append(input);
        foreach (InputSection section in input.Sections)
        {
            // Those of a section that is left out go with it.
            if (!section.IsRelocations || input.Sections[(int)section.Info].IsSkipped) continue;
            Append(input, section);
            RelocationLinker.Append(input, section);
        }

        _types.Append(input);
        BtfExtLinker.Append(input, _types.Builder);
        _isBroken = false;
    }

    /// <summary>The linked object; others may still be added.</summary>
    /// <exception cref="BpfFormatException">The types of the objects cannot be merged.</exception>
    /// <exception cref="InvalidOperationException">There is no object, or one was refused.</exception>
    public byte[] ToArray()
    {
        ThrowIfBroken();
        if (_isBigEndian is not bool big) throw new InvalidOperationException("There is nothing to link: add an object.");
        return new LinkWriter(_names, _sections, _symbols.Symbols, big).Write(_types);
    }

    private void AppendContent(LinkInput input, InputSection section)
    {
        // One license is enough, and one kernel version; all objects must agree on them.
        if (section.Name is "license" or "version" && _byName.TryGetValue(section.Name, out OutputSection? first))
        {
            RequireLike(input, section, first);
            if (!first.Bytes.SequenceEqual(section.Data.Span))
                throw input.Fail(BpfDiagnosticId.LinkContents, $"The {section.Name} is not the same as that of the objects before it.", section.Name);
            section.IsSkipped = true;
            return;
        }

        Append(input, section);
    }

    private void Append(LinkInput input, InputSection section)
    {
        if (!_byName.TryGetValue(section.Name, out OutputSection? output))
        {
            _byName.Add(section.Name, output = new OutputSection(section.Name));
            _sections.Add(output);
        }

        section.Target = output;
        if (section.IsVirtual) return;
        if (output.IsVirtual)
        {
            output.Begin(section, _names.Add(input.Elf.Sections[section.Index].NameUtf8), _nextIndex++);
        }

        RequireLike(input, section, output);
        output.Append(section, input.Context.Charge);
    }

    private static void RequireLike(LinkInput input, InputSection section, OutputSection output)
    {
        if (section.Type != output.Type) throw Fail("type", (uint)section.Type, (uint)output.Type);
        if (section.Flags != output.Flags) throw Fail("flags", (ulong)section.Flags, (ulong)output.Flags);
        if (section.EntrySize != output.EntrySize) throw Fail("size of elements", section.EntrySize, output.EntrySize);

        BpfFormatException Fail(string what, ulong here, ulong there) => input.Fail(
            BpfDiagnosticId.LinkSections, $"The {what} of the section: 0x{here:x} here, and 0x{there:x} in the objects before. Sections of one name must be of one kind.", section.Name);
    }

    private static string Order(bool isBigEndian) => isBigEndian ? "big-endian" : "little-endian";

    private void ThrowIfBroken()
    {
        if (_isBroken) throw new InvalidOperationException("An object was refused, and its parts may be among the others': begin anew.");
    }
}
