using System;
using System.Buffers.Binary;
using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;
using Bpf.Loader.Instructions;
using Bpf.Loader.Objects;
using Xunit;

namespace Bpf.Loader.Tests.Objects;

/// <summary>Map definitions of the old form, which libbpf refuses since 1.0.</summary>
public class LegacyMapTests
{
    [Theory]
    [InlineData(16)]
    [InlineData(20)]
    [InlineData(24)]
    [InlineData(64)]
    [InlineData(280)]
    public void Definitions_of_any_length_are_read_when_the_rest_is_zero(int size)
    {
        var file = new ObjectBuilder();
        int section = file.AddData("maps", [.. Definition(size, 1, 4, 8, 100, 1), .. Definition(size, 2, 4, 16, 5, 0)]);
        file.AddVariable("second", section, (ulong)size, (ulong)size);
        file.AddVariable("first", section, 0, (ulong)size);
        BpfObjectFile read = file.Read();
        Assert.Equal(["first", "second"], read.Maps.Select(map => map.Name));
        BpfMapDefinition first = read.Maps["first"];
        Assert.Equal((BpfMapType.Hash, 4u, 8u, 100u), (first.Type, first.KeySize, first.ValueSize, first.MaxEntries));
        Assert.Equal(size > 16 ? BpfMapFlags.NoPrealloc : BpfMapFlags.None, first.Flags);
        Assert.Equal((BpfMapKind.User, "maps", BpfPinning.None, null), (first.Kind, first.SectionName, first.Pinning, first.PinPath));
    }

    [Fact]
    public void Symbols_without_a_size_reach_to_the_next_one()
    {
        var file = new ObjectBuilder();
        int section = file.AddData("maps/here", [.. Definition(20, 1, 4, 8, 1, 0), .. Definition(24, 1, 4, 8, 2, 0)]);
        file.AddSymbol("first", ElfSymbolBinding.Global, ElfSymbolType.None, section, 0);
        file.AddSymbol("second", ElfSymbolBinding.Global, ElfSymbolType.None, section, 20);
        Assert.Equal([("first", 1u), ("second", 2u)], file.Read().Maps.Select(map => (map.Name, map.MaxEntries)));
    }

    [Fact]
    public void Unknown_fields_that_are_not_zero_are_refused_or_ignored_as_the_caller_likes()
    {
        ObjectBuilder file = WithMaps(("map", Definition(44, 1, 4, 8, 1, 0, 0, 0, 0, 0, 7)));
        BpfFormatException e = file.Refuse();
        Assert.Equal((BpfDiagnosticId.LegacyMapMalformed, "maps", 0L), (e.Id, e.Section, e.Offset));
        BpfObjectFile read = file.Read(new BpfOpenOptions { RelaxedMaps = true });
        Assert.Contains(read.Diagnostics, finding => finding.Id == BpfDiagnosticId.MapFieldIgnored);
    }

    [Theory]
    [InlineData(0, 12)]
    [InlineData(8, 20)]
    [InlineData(200, 20)]
    public void Definitions_lie_inside_of_their_section(int offset, int size)
    {
        var file = new ObjectBuilder();
        int section = file.AddData("maps", Definition(20, 1, 4, 8, 1, 0));
        file.AddVariable("map", section, (ulong)offset, (ulong)size);
        Assert.Equal((BpfDiagnosticId.LegacyMapMalformed, "maps"), (file.Refuse().Id, file.Refuse().Section));
    }

    [Fact]
    public void A_map_has_a_type() => Assert.Equal(BpfDiagnosticId.MapWithoutType, WithMaps(("map", Definition(20, 0, 4, 8, 1, 0))).Refuse().Id);

    [Fact]
    public void The_sizes_of_rings_are_rounded() =>
        Assert.Equal((uint)Environment.SystemPageSize, WithMaps(("map", Definition(20, 27, 0, 0, 1, 0))).Read().Maps["map"].MaxEntries);

    [Fact]
    public void Programs_refer_to_global_and_static_maps()
    {
        ObjectBuilder file = WithMaps(("first", Definition(20, 1, 4, 8, 1, 0)), ("second", Definition(20, 1, 4, 8, 2, 0)));
        int code = file.AddCode("socket", Load(20), default, Load(0), default, new BpfInstruction(BpfOpCode.Exit, 0, 0, 0, 0));
        file.AddFunction("program", code, 0, 5);
        file.Relocate(code, 0, file.AddSymbol("", ElfSymbolBinding.Local, ElfSymbolType.Section, 1)); // static: by section and offset
        file.Relocate(code, 16, 1);
        Assert.Equal(["second", "first"], file.Read().Programs[0].Function.Relocations.Select(relocation => relocation.Map!.Name));
    }

    [Fact]
    public void The_BTF_tells_the_fields_when_there_is_some()
    {
        // A struct of somebody's own, with fields at other places and one that nobody else has.
        var btf = new BtfBuilder();
        BtfTypeId number = btf.AddInt("unsigned int", 4);
        BtfTypeId definition = btf.AddStruct("my_map_def", 28);
        uint at = 0;
        foreach (string field in (string[])["type", "key_size", "value_size", "max_entries", "colour", "map_flags", "numa_node"])
        {
            btf.AddMember(field, number, at);
            at += 32;
        }

        BtfTypeId variable = btf.AddVariable("map", BtfLinkage.Global, definition);
        btf.AddDataSection("maps", 0);
        btf.AddSectionVariable(new BtfSectionVariable(variable, 0, 28));
        btf.AddStruct("____btf_map_map", 12); // an annotation without members
        ObjectBuilder file = WithMaps(("map", Definition(28, 1, 4, 8, 5, 99, 4, 3)));
        file.Btf = btf;
        BpfObjectFile read = file.Read();
        Assert.Equal((BpfMapFlags.NumaNode, 3u), (read.Maps["map"].Flags, read.Maps["map"].NumaNode));
        Assert.Contains(read.Diagnostics, finding => finding.Id == BpfDiagnosticId.MapFieldIgnored && finding.Message.Contains("colour", StringComparison.Ordinal));
        Assert.True(read.Maps["map"].BtfKeyTypeId.IsVoid && read.Maps["map"].BtfValueTypeId.IsVoid);
    }

    [Fact]
    public void Annotations_give_the_types_of_key_and_value()
    {
        var btf = new BtfBuilder();
        BtfTypeId key = btf.AddInt("u32", 4), value = btf.AddInt("u64", 8);
        foreach (string map in (string[])["right", "wrong"])
        {
            btf.AddStruct("____btf_map_" + map, 16);
            btf.AddMember("key", map == "right" ? key : value, 0);
            btf.AddMember("value", value, 64);
        }

        ObjectBuilder file = WithMaps(("right", Definition(20, 1, 4, 8, 5, 0)), ("wrong", Definition(20, 1, 4, 8, 5, 0)));
        file.Btf = btf;
        BpfObjectFile read = file.Read();
        Assert.Equal((key, value), (read.Maps["right"].BtfKeyTypeId, read.Maps["right"].BtfValueTypeId));
        Assert.True(read.Maps["wrong"].BtfKeyTypeId.IsVoid && read.Maps["wrong"].BtfValueTypeId.IsVoid);
    }

    [Fact]
    public void Pinning_scopes_of_iproute2_are_paths()
    {
        ObjectBuilder file = WithMaps(
            ("none", IpRoute2(1)), ("object", IpRoute2(1, pinning: 1)), ("global", IpRoute2(1, pinning: 2)), ("custom", IpRoute2(1, pinning: 9)));
        BpfObjectFile read = file.Read(new BpfOpenOptions { PinRootPath = "/bpf" });
        Assert.Equal([BpfPinning.None, BpfPinning.ByObject, BpfPinning.Global, BpfPinning.None], read.Maps.Select(map => map.Pinning));
        Assert.Matches("^/bpf/tc/[0-9a-f]{40}/object$", read.Maps["object"].PinPath);
        Assert.Equal("/bpf/tc/globals/global", read.Maps["global"].PinPath);
        Assert.Contains(read.Diagnostics, finding => finding.Id == BpfDiagnosticId.MapFieldIgnored && finding.Place.Symbol == "custom");
    }

    [Fact]
    public void Inner_maps_of_iproute2_are_found_by_id_and_put_at_their_index()
    {
        ObjectBuilder file = WithMaps(
            ("outer", IpRoute2(12, id: 1, innerId: 42)),
            ("prototype", IpRoute2(1, id: 42, innerIndex: -1)),
            ("seventh", IpRoute2(1, id: 42, innerIndex: 7)),
            ("other", IpRoute2(1, id: 43, innerIndex: 3)));
        BpfMapDefinition outer = file.Read().Maps["outer"];
        Assert.Equal((BpfMapType.Hash, 4u), (outer.InnerMap!.Type, outer.InnerMap.KeySize));
        BpfMapSlot slot = Assert.Single(outer.InitialSlots);
        Assert.Equal((7u, "seventh"), (slot.Index, slot.Map!.Name));

        BpfFormatException e = WithMaps(("outer", IpRoute2(13, id: 1, innerId: 5))).Refuse();
        Assert.Equal((BpfDiagnosticId.LegacyMapInner, "maps"), (e.Id, e.Section));
    }

    [Theory]
    [InlineData("7/1", 1u)]
    [InlineData("7/0x10", 16u)]
    [InlineData("0x7/3", 3u)]
    public void Sections_of_iproute2_are_slots_of_program_arrays(string section, uint slot)
    {
        ObjectBuilder file = WithMaps(("jumps", IpRoute2(3, id: 7)), ("other", IpRoute2(1, id: 8)));
        file.AddProgram(section, "target");
        file.AddProgram("8/1", "no_program_array");
        file.AddProgram("9/1", "no_map");
        file.AddProgram("classifier", "entry");
        BpfObjectFile read = file.Read();
        Assert.Equal((slot, "target"), (Assert.Single(read.Maps["jumps"].InitialSlots).Index, read.Maps["jumps"].InitialSlots[0].Program!.Name));
        Assert.Equal(
            [BpfProgramType.SchedCls, BpfProgramType.Unspecified, BpfProgramType.Unspecified, BpfProgramType.SchedCls],
            read.Programs.Select(program => program.Type));
        Assert.Equal(["no_program_array", "no_map"], read.Diagnostics.Where(finding => finding.Id == BpfDiagnosticId.SectionNameUnknown).Select(finding => finding.Place.Symbol));
    }

    [Fact]
    public void The_type_of_a_slot_is_that_of_the_program_that_jumps_there()
    {
        ObjectBuilder file = WithMaps(("jumps", IpRoute2(3, id: 7)));
        file.AddProgram("7/0", "target");
        file.AddProgram("socket", "unconcerned");
        int code = file.AddCode("xdp", Load(0), default, new BpfInstruction(BpfOpCode.Exit, 0, 0, 0, 0));
        file.AddFunction("caller", code, 0, 3);
        file.Relocate(code, 0, 1);
        BpfProgramDefinition target = file.Read().Programs["target"];
        Assert.Equal((BpfProgramType.Xdp, BpfAttachType.Xdp), (target.Type, target.ExpectedAttachType));
    }

    private static BpfInstruction Load(int immediate) => new(BpfOpCode.LoadImmediate64, 1, 0, 0, immediate);

    private static ObjectBuilder WithMaps(params (string Name, byte[] Definition)[] maps)
    {
        var file = new ObjectBuilder();
        int section = file.AddData("maps", [.. maps.SelectMany(map => map.Definition)]);
        int offset = 0;
        foreach ((string name, byte[] definition) in maps)
        {
            file.AddVariable(name, section, (ulong)offset, (ulong)definition.Length);
            offset += definition.Length;
        }

        return file;
    }

    private static byte[] IpRoute2(uint type, uint id = 0, uint pinning = 0, uint innerId = 0, int innerIndex = 0) =>
        Definition(36, type, 4, 4, 10, 0, id, pinning, innerId, (uint)innerIndex);

    private static byte[] Definition(int size, params uint[] fields)
    {
        byte[] bytes = new byte[size];
        for (int i = 0; i < fields.Length && (i + 1) * 4 <= size; i++)
        {
            if (BitConverter.IsLittleEndian) BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i * 4), fields[i]);
            else BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(i * 4), fields[i]);
        }

        return bytes;
    }
}
