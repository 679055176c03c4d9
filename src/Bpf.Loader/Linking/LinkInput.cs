using System;
using System.Collections.Generic;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Linking;

/// <summary>An object that is being linked, checked as a whole, with what becomes of its symbols and types.</summary>
internal sealed class LinkInput
{
    private readonly Dictionary<string, InputSection> _byName = new(StringComparer.Ordinal);

    public LinkInput(string name, ObjectContext context)
    {
        Name = name;
        Context = context;
        SymbolMap = new int[context.Symbols.Count];
    }

    /// <summary>The name of the file, for messages.</summary>
    public string Name { get; }

    /// <summary>What the readers of definitions need.</summary>
    public ObjectContext Context { get; }

    public ElfFile Elf => Context.Elf;

    public ElfSymbolTable Symbols => Context.Symbols;

    public BtfReader? Btf => Context.Btf;

    public BtfExtReader? BtfExt => Context.BtfExt;

    /// <summary>The sections: those of the ELF file under their numbers, then those of the BTF alone.</summary>
    public List<InputSection> Sections { get; } = [];

    /// <summary>The symbols of the output by those of this object; 0 for those that are not in it.</summary>
    public int[] SymbolMap { get; }

    /// <summary>The types of the output by those of this object; 0 for those that are not in it.</summary>
    public int[] TypeMap { get; set; } = [];

    /// <summary>What the BTF says of the global symbols.</summary>
    public GlobalDescriptions? Descriptions { get; set; }

    public void Add(InputSection section)
    {
        Sections.Add(section);
        _byName.TryAdd(section.Name, section);
    }

    /// <summary>The first section of a name.</summary>
    public InputSection? Find(string name) => _byName.GetValueOrDefault(name);

    public BpfFormatException Fail(BpfDiagnosticId id, string message, string? section = null, long? offset = null) =>
        new($"{Name}: {message}", section, offset, id);
}
