using System;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;

namespace Bpf.Loader.Tests.Objects;

/// <summary>Writes the section <c>.maps</c> of an object with one map, as the macros of bpf_helpers.h would.</summary>
internal sealed class MapSource
{
    private readonly BtfTypeId _int;
    private BtfTypeId _definition;
    private uint _offset;

    public MapSource(string name = "map")
    {
        Name = name;
        _int = Btf.AddInt("int", 4, BtfIntEncoding.Signed);
    }

    public string Name { get; }

    public BtfBuilder Btf { get; } = new();

    public ObjectBuilder Object { get; } = new();

    public BtfTypeId Int => _int;

    /// <summary>The section that the maps are in, once the object is built.</summary>
    public int Section { get; private set; }

    /// <summary>The number of the map's symbol.</summary>
    public int Symbol { get; private set; }

    /// <summary>Adds the types of the fields first, then the struct with the fields.</summary>
    public MapSource Fields(params (string Name, BtfTypeId Type)[] fields)
    {
        _definition = Struct(fields);
        _offset = (uint)fields.Length * 8;
        return this;
    }

    public BtfTypeId Struct(params (string Name, BtfTypeId Type)[] fields)
    {
        BtfTypeId id = Btf.AddStruct(null, (uint)fields.Length * 8);
        for (int i = 0; i < fields.Length; i++) Btf.AddMember(fields[i].Name, fields[i].Type, (uint)i * 64);
        return id;
    }

    /// <summary>The type of a field that encodes a number: <c>int (*name)[NUMBER]</c>.</summary>
    public BtfTypeId Number(uint number) => Btf.AddPointer(Btf.AddArray(_int, _int, number));

    public BtfTypeId Pointer(BtfTypeId target) => Btf.AddPointer(target);

    /// <summary>The type of a field with initial values: <c>TYPE *values[]</c>.</summary>
    public BtfTypeId Values(BtfTypeId target, uint count = 0) => Btf.AddArray(Btf.AddPointer(target), _int, count);

    /// <summary>Puts the parts together.</summary>
    public ObjectBuilder Build(BtfLinkage linkage = BtfLinkage.Global, uint? size = null, int slots = 0, BtfTypeId? type = null)
    {
        uint length = size ?? (_offset + ((uint)slots * 8));
        Section = Object.AddData(".maps", new byte[Math.Max(1, length)]);
        Symbol = Object.AddVariable(Name, Section, 0, length);
        BtfTypeId variable = Btf.AddVariable(Name, linkage, type ?? _definition);
        Btf.AddDataSection(".maps", 0);
        Btf.AddSectionVariable(new BtfSectionVariable(variable, 0, length));
        Object.Btf = Btf;
        return Object;
    }
}
