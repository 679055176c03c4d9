using System;
using Bpf.Loader.Btf;
using Bpf.Loader.Objects;
using Xunit;

namespace Bpf.Loader.Tests.Objects;

/// <summary>The grammar of <c>.maps</c>: what its fields mean, and what is refused.</summary>
public class MapDefinitionTests
{
    private const uint HashType = 1, ArrayType = 2, ProgArrayType = 3, ArrayOfMapsType = 12, RingBufType = 27, ArenaType = 33;

    [Fact]
    public void All_fields_of_a_map_are_read()
    {
        var source = new MapSource();
        BtfTypeId wide = source.Btf.AddEnum64(null, 8);
        source.Btf.AddEnumerator("map_extra__value", 0x1_0000_0001);
        BtfTypeId key = source.Btf.AddStruct("key", 12), value = source.Btf.AddTypedef("u24", source.Btf.AddArray(source.Int, source.Int, 6));
        source.Fields(
            ("type", source.Number(HashType)), ("max_entries", source.Number(100)), ("map_flags", source.Number(5)), ("numa_node", source.Number(3)),
            ("key_size", source.Number(12)), ("key", source.Pointer(key)), ("value", source.Pointer(value)), ("value_size", source.Number(24)),
            ("pinning", source.Number(1)), ("map_extra", wide));
        BpfMapDefinition map = Assert.Single(source.Build().Read(new BpfOpenOptions { PinRootPath = "/somewhere" }).Maps);

        Assert.Equal(("map", "map", ".maps", BpfMapKind.User), (map.Name, map.KernelName, map.SectionName, map.Kind));
        Assert.Equal((BpfMapType.Hash, 12u, 24u, 100u), (map.Type, map.KeySize, map.ValueSize, map.MaxEntries));
        Assert.Equal((BpfMapFlags.NoPrealloc | BpfMapFlags.NumaNode, 3u, 0x1_0000_0001ul), (map.Flags, map.NumaNode, map.MapExtra));
        Assert.Equal((BpfPinning.ByName, "/somewhere/map"), (map.Pinning, map.PinPath));
        Assert.Equal((key, value), (map.BtfKeyTypeId, map.BtfValueTypeId));
        Assert.True(map.AutoCreate);
        Assert.False(map.IsInternal);
    }

    [Theory]
    [InlineData(0ul)]
    [InlineData(7ul)]
    public void Map_extra_may_be_an_ordinary_number(ulong number)
    {
        var source = new MapSource();
        source.Fields(("type", source.Number(HashType)), ("map_extra", source.Number((uint)number)));
        Assert.Equal(number, source.Build().Read().Maps["map"].MapExtra);
    }

    [Fact]
    public void Map_extra_of_a_small_enum_keeps_its_sign()
    {
        var source = new MapSource();
        BtfTypeId small = source.Btf.AddEnum(null, 4, isSigned: true);
        source.Btf.AddEnumerator("map_extra__value", -2);
        source.Fields(("type", source.Number(HashType)), ("map_extra", small));
        Assert.Equal(unchecked((ulong)-2L), source.Build().Read().Maps["map"].MapExtra);
    }

    [Theory]
    [InlineData(0u, 0u)]
    [InlineData(1u, 4096u)]
    [InlineData(4096u, 4096u)]
    [InlineData(4097u, 8192u)]
    [InlineData(12288u, 16384u)]
    [InlineData(0x80000000u, 0x80000000u)]
    [InlineData(0x80000001u, 0x80000001u)]
    public void Rings_have_sizes_that_the_kernel_takes(uint asked, uint given)
    {
        Assert.SkipUnless(Environment.SystemPageSize == 4096, "The numbers are those of pages of 4 KiB.");
        var source = new MapSource();
        source.Fields(("max_entries", source.Number(asked)), ("type", source.Number(RingBufType)));
        BpfMapDefinition map = source.Build().Read().Maps["map"];
        Assert.Equal(given, map.MaxEntries);
        map.MaxEntries = 5000;
        Assert.Equal(8192u, map.MaxEntries);
    }

    [Fact]
    public void Inner_maps_are_described()
    {
        var source = new MapSource("outer");
        BtfTypeId inner = source.Struct(("type", source.Number(HashType)), ("max_entries", source.Number(7)), ("key", source.Pointer(source.Int)), ("value", source.Pointer(source.Int)));
        source.Fields(("type", source.Number(ArrayOfMapsType)), ("values", source.Values(inner)));
        BpfMapDefinition map = source.Build(slots: 2).Read().Maps["outer"];
        Assert.Equal(4u, map.ValueSize);
        Assert.Equal(("outer.inner", BpfMapType.Hash, 7u, 4u), (map.InnerMap!.Name, map.InnerMap.Type, map.InnerMap.MaxEntries, map.InnerMap.KeySize));
        Assert.Empty(map.InitialSlots);
    }

    [Fact]
    public void Unknown_fields_are_refused_or_ignored_as_the_caller_likes()
    {
        static MapSource Source()
        {
            var source = new MapSource();
            return source.Fields(("type", source.Number(HashType)), ("colour", source.Number(1)));
        }

        BpfFormatException e = Source().Build().Refuse();
        Assert.Equal(BpfDiagnosticId.MapUnknownField, e.Id);
        Assert.Contains("colour", e.Message, StringComparison.Ordinal);

        BpfObjectFile file = Source().Build().Read(new BpfOpenOptions { RelaxedMaps = true });
        Assert.Equal(BpfMapType.Hash, file.Maps["map"].Type);
        Assert.Contains(file.Diagnostics, finding => finding.Id == BpfDiagnosticId.MapFieldIgnored && finding.Severity == BpfSeverity.Warning);
    }

    public static TheoryData<string, BpfDiagnosticId> Refusals() => new()
    {
        { "no type", BpfDiagnosticId.MapWithoutType },
        { "type is no pointer", BpfDiagnosticId.MapBadField },
        { "type points to no array", BpfDiagnosticId.MapBadField },
        { "key is no pointer", BpfDiagnosticId.MapBadField },
        { "key has no size", BpfDiagnosticId.MapBadField },
        { "map_extra is an enum of two", BpfDiagnosticId.MapBadField },
        { "nameless field", BpfDiagnosticId.MapBadField },
        { "key sizes differ", BpfDiagnosticId.MapSizeConflict },
        { "value sizes differ", BpfDiagnosticId.MapSizeConflict },
        { "value of 8 bytes and values", BpfDiagnosticId.MapSizeConflict },
        { "pinning 2", BpfDiagnosticId.MapBadPinning },
        { "pinned inner map", BpfDiagnosticId.MapBadPinning },
        { "inner map of inner maps", BpfDiagnosticId.MapNestedInner },
        { "values of a hash", BpfDiagnosticId.MapBadValues },
        { "values before the type", BpfDiagnosticId.MapBadValues },
        { "values with a size", BpfDiagnosticId.MapBadValues },
        { "values not last", BpfDiagnosticId.MapBadValues },
        { "values of int", BpfDiagnosticId.MapBadValues },
        { "programs of int", BpfDiagnosticId.MapBadValues },
        { "static", BpfDiagnosticId.MapLinkage },
        { "extern", BpfDiagnosticId.MapLinkage },
        { "int", BpfDiagnosticId.MapNotStruct },
        { "too small", BpfDiagnosticId.MapBadVariable },
        { "two arenas", BpfDiagnosticId.SeveralArenas },
    };

    [Theory, MemberData(nameof(Refusals))]
    public void What_is_wrong_is_refused_with_its_own_id(string what, BpfDiagnosticId id)
    {
        var s = new MapSource();
        BtfTypeId hash = s.Number(HashType), maps = s.Number(ArrayOfMapsType), four = s.Number(4);
        BtfLinkage linkage = what switch { "static" => BtfLinkage.Static, "extern" => BtfLinkage.Extern, _ => BtfLinkage.Global };
        switch (what)
        {
            case "no type": s.Fields(("max_entries", four)); break;
            case "type is no pointer": s.Fields(("type", s.Int)); break;
            case "type points to no array": s.Fields(("type", s.Pointer(s.Int))); break;
            case "key is no pointer": s.Fields(("type", hash), ("key", s.Int)); break;
            case "key has no size": s.Fields(("type", hash), ("key", s.Pointer(BtfTypeId.Void))); break;
            case "map_extra is an enum of two":
                BtfTypeId two = s.Btf.AddEnum(null);
                s.Btf.AddEnumerator("a", 1);
                s.Btf.AddEnumerator("b", 2);
                s.Fields(("type", hash), ("map_extra", two));
                break;
            case "nameless field": s.Fields(("type", hash), ("", four)); break;
            case "key sizes differ": s.Fields(("type", hash), ("key_size", s.Number(8)), ("key", s.Pointer(s.Int))); break;
            case "value sizes differ": s.Fields(("type", hash), ("value", s.Pointer(s.Int)), ("value_size", s.Number(8))); break;
            case "value of 8 bytes and values": s.Fields(("type", maps), ("value_size", s.Number(8)), ("values", s.Values(s.Struct(("type", hash))))); break;
            case "pinning 2": s.Fields(("type", hash), ("pinning", s.Number(2))); break;
            case "pinned inner map": s.Fields(("type", maps), ("values", s.Values(s.Struct(("type", hash), ("pinning", s.Number(1)))))); break;
            case "inner map of inner maps":
                s.Fields(("type", maps), ("values", s.Values(s.Struct(("type", maps), ("values", s.Values(s.Struct(("type", hash))))))));
                break;
            case "values of a hash": s.Fields(("type", hash), ("values", s.Values(s.Struct(("type", hash))))); break;
            case "values before the type": s.Fields(("values", s.Values(s.Struct(("type", hash)))), ("type", maps)); break;
            case "values with a size": s.Fields(("type", maps), ("values", s.Values(s.Struct(("type", hash)), 2))); break;
            case "values not last": s.Fields(("type", maps), ("values", s.Values(s.Struct(("type", hash)))), ("max_entries", four)); break;
            case "values of int": s.Fields(("type", maps), ("values", s.Values(s.Int))); break;
            case "programs of int": s.Fields(("type", s.Number(ProgArrayType)), ("values", s.Values(s.Int))); break;
            case "two arenas":
                s.Fields(("type", s.Number(ArenaType)));
                BtfTypeId second = s.Btf.AddVariable("second", BtfLinkage.Global, s.Struct(("type", s.Number(ArenaType))));
                s.Object.AddVariable("second", 1, 8, 8);
                s.Build(size: 16);
                s.Btf.AddSectionVariable(new BtfSectionVariable(second, 8, 8));
                break;
            default: s.Fields(("type", hash)); break;
        }

        ObjectBuilder file = what switch
        {
            "two arenas" => s.Object,
            "int" => s.Build(type: s.Int),
            "too small" => s.Build(size: 4),
            _ => s.Build(linkage),
        };
        BpfFormatException e = file.Refuse();
        Assert.Equal((id, ".maps"), (e.Id, e.Section));
        Assert.NotNull(e.Offset);
        Assert.Contains(id.ToCode(), e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_section_must_be_described()
    {
        var source = new MapSource();
        source.Object.AddData(".maps", 0, 0, 0, 0);
        Assert.Equal(BpfDiagnosticId.BtfNeeded, source.Object.Refuse().Id);

        source = new MapSource();
        source.Object.AddData(".maps", 0, 0, 0, 0);
        source.Object.Btf = source.Btf;
        Assert.Equal(BpfDiagnosticId.MapsWithoutDescription, source.Object.Refuse().Id);
    }

    [Fact]
    public void Variables_in_an_arena_need_one_that_is_large_enough()
    {
        var none = new ObjectBuilder();
        none.AddData(".addr_space.1", 1, 2, 3);
        Assert.Equal(BpfDiagnosticId.ArenaMissing, none.Refuse().Id);

        var small = new MapSource();
        small.Fields(("type", small.Number(ArenaType)), ("max_entries", small.Number(1)));
        small.Object.AddData(".addr_space.1", new byte[Environment.SystemPageSize + 1]);
        Assert.Equal(BpfDiagnosticId.ArenaTooSmall, small.Build().Refuse().Id);

        var enough = new MapSource();
        enough.Fields(("type", enough.Number(ArenaType)), ("max_entries", enough.Number(1)));
        int section = enough.Object.AddData(".addr_space.1", new byte[Environment.SystemPageSize]);
        enough.Object.AddVariable("here", section, 16, 8);
        BpfObjectFile file = enough.Build().Read();
        Assert.Equal(Environment.SystemPageSize, file.Maps["map"].InitialValue.Length);
        Assert.Equal(("map", 16u, 8u), (file.Globals["here"].Map.Name, file.Globals["here"].Offset, file.Globals["here"].Size));
    }

    [Fact]
    public void Slots_are_filled_by_relocations_in_any_order()
    {
        var source = new MapSource("jumps");
        BtfTypeId function = source.Btf.AddFunctionPrototype(source.Int);
        source.Fields(("type", source.Number(ProgArrayType)), ("values", source.Values(function)));
        int first = source.Object.AddProgram("socket", "first"), second = source.Object.AddProgram("xdp", "second");
        ObjectBuilder built = source.Build(slots: 4);
        int firstSymbol = built.AddFunction("first", first, 0, 2), secondSymbol = built.AddFunction("second", second, 0, 2);
        built.Relocate(source.Section, 8 + 24, firstSymbol);
        built.Relocate(source.Section, 8, secondSymbol);
        Assert.Equal(
            [(0u, "second"), (3u, "first")],
            Array.ConvertAll([.. built.Read().Maps["jumps"].InitialSlots], slot => (slot.Index, slot.Program!.Name)));
    }

    [Theory]
    [InlineData("misaligned", BpfDiagnosticId.SlotOutOfRange)]
    [InlineData("before the values", BpfDiagnosticId.SlotOutOfRange)]
    [InlineData("behind the map", BpfDiagnosticId.SlotOutOfRange)]
    [InlineData("of a hash", BpfDiagnosticId.SlotOutOfRange)]
    [InlineData("no program", BpfDiagnosticId.SlotTarget)]
    [InlineData("no symbol", BpfDiagnosticId.BadRelocation)]
    public void Slots_that_make_no_sense_are_refused(string what, BpfDiagnosticId id)
    {
        var source = new MapSource("jumps");
        BtfTypeId function = source.Btf.AddFunctionPrototype(source.Int);
        if (what == "of a hash") source.Fields(("type", source.Number(HashType)), ("max_entries", source.Number(1)));
        else source.Fields(("type", source.Number(ProgArrayType)), ("values", source.Values(function)));
        int code = source.Object.AddProgram("socket", "program");
        ObjectBuilder built = source.Build(slots: 2);
        int program = built.AddFunction("program", code, 0, 2);
        ulong offset = what switch { "misaligned" => 12, "before the values" => 0, "behind the map" => 32, _ => 16 };
        built.Relocate(source.Section, offset, what switch { "no program" => source.Symbol, "no symbol" => 1000, _ => program });
        BpfFormatException e = built.Refuse();
        Assert.Equal((id, ".maps", (long)offset), (e.Id, e.Section, e.Offset));
    }

    [Theory]
    [InlineData(ArrayType)]
    [InlineData(ArenaType)]
    public void Maps_that_have_no_slots_take_none(uint type)
    {
        var source = new MapSource();
        source.Fields(("type", source.Number(type)), ("values", source.Values(source.Struct(("type", source.Number(HashType))))));
        Assert.Equal(BpfDiagnosticId.MapBadValues, source.Build().Refuse().Id);
    }
}
