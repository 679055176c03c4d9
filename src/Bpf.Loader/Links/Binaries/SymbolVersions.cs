using System;
using System.Collections.Generic;
using Bpf.Loader.Elf;

namespace Bpf.Loader.Links.Binaries;

/// <summary>The GNU versions of the functions that a library offers: <c>.gnu.version</c> and <c>.gnu.version_d</c>, or what PT_DYNAMIC says of them.</summary>
internal sealed class SymbolVersions
{
    private const ushort HiddenBit = 0x8000; // not the default version: NAME@VERSION rather than NAME@@VERSION
    private const int DefinitionSize = 20;
    private const ushort BaseFlag = 1; // VER_FLG_BASE: the file itself, which is no version of a symbol

    private readonly ElfForm _form;
    private readonly BinaryWindow _versions;
    private readonly BinaryWindow _definitions;
    private readonly BinaryWindow _names;
    private Dictionary<ushort, byte[]>? _byNumber;

    private SymbolVersions(ElfForm form, BinaryWindow versions, BinaryWindow definitions, BinaryWindow names)
    {
        _form = form;
        _versions = versions;
        _definitions = definitions;
        _names = names;
    }

    /// <summary>The versions of the dynamic symbols of a binary, whose names are in the string table of those.</summary>
    public static SymbolVersions Read(BinaryImage binary, BinaryWindow names)
    {
        BinaryWindow? versions = At(binary, DynamicTable.VersionSymbols) ?? At(binary, ElfSectionType.GnuVersionSymbols);
        BinaryWindow? definitions = At(binary, DynamicTable.VersionDefinitions);
        if (definitions is null && binary.Sections.Find(ElfSectionType.GnuVersionDefinitions) is BinarySection section)
        {
            definitions = At(binary, section);
            if (binary.Sections.At(section.Link) is BinarySection strings) names = At(binary, strings);
        }

        var none = new BinaryWindow(binary.Bytes, 0, 0);
        return new SymbolVersions(binary.Form, versions ?? none, definitions ?? none, names);
    }

    /// <summary>True for the version that a program gets which is linked now; also true when nothing is versioned.</summary>
    public bool IsDefault(uint symbol) => (NumberOf(symbol) & HiddenBit) == 0;

    /// <summary>The version of a symbol; empty when it has none.</summary>
    public ReadOnlySpan<byte> NameOf(uint symbol) =>
        (_byNumber ??= ReadDefinitions()).TryGetValue((ushort)(NumberOf(symbol) & ~HiddenBit), out byte[]? name) ? name : default;

    /// <summary>True when a symbol has a version that is defined here.</summary>
    public bool HasName(uint symbol) => !NameOf(symbol).IsEmpty;

    // A chain of definitions, which are in order: it ends with the table, wherever the links lead.
    private Dictionary<ushort, byte[]> ReadDefinitions()
    {
        var found = new Dictionary<ushort, byte[]>();
        ulong at = 0;
        while (_definitions.At(at, DefinitionSize) is { Length: DefinitionSize } definition)
        {
            bool isBase = (_form.UInt16(definition[2..]) & BaseFlag) != 0;
            ushort number = _form.UInt16(definition[4..]);
            uint auxiliary = _form.UInt32(definition[12..]), next = _form.UInt32(definition[16..]);
            if (!isBase && !found.ContainsKey(number) && ReadName(at + auxiliary) is byte[] name) found.Add(number, name);
            if (next == 0) break;
            at += next;
        }

        return found;
    }

    private byte[]? ReadName(ulong auxiliary) =>
        _definitions.At(auxiliary, sizeof(uint)) is { Length: sizeof(uint) } place && _names.TryGetText(_form.UInt32(place), out ReadOnlySpan<byte> name)
            ? name.ToArray()
            : null;

    private int NumberOf(uint symbol) => _versions.At((ulong)symbol * sizeof(ushort), sizeof(ushort)) is { Length: sizeof(ushort) } number ? _form.UInt16(number) : 0;

    private static BinaryWindow? At(BinaryImage binary, ulong tag) =>
        binary.Dynamic.Locate(tag) is (ulong offset, ulong size) ? new BinaryWindow(binary.Bytes, offset, size) : null;

    private static BinaryWindow? At(BinaryImage binary, ElfSectionType type) => binary.Sections.Find(type) is BinarySection section ? At(binary, section) : null;

    private static BinaryWindow At(BinaryImage binary, in BinarySection section) => new(binary.Bytes, section.Offset, section.Size);
}
