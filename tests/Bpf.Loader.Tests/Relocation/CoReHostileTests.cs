using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;
using Bpf.Loader.Instructions;
using Bpf.Loader.Relocation;
using Xunit;

namespace Bpf.Loader.Tests.Relocation;

/// <summary>Damaged and malicious types: they are refused, soon, and with no other exceptions than the two that say so.</summary>
public sealed class CoReHostileTests
{
    private readonly CoReTypes _types = new();

    [Theory]
    [InlineData("core_offset.bpf.o")]
    [InlineData("core_matches.bpf.o")]
    [InlineData("core_bitfield.bpf.o")]
    [InlineData("core_enum64.bpf.o")]
    [InlineData("core_exists.bpf.o")]
    public void Damaged_types_are_refused_or_answered(string name)
    {
        ElfFile elf = ElfFile.Read(TestData.Read(name));
        Assert.True(elf.Sections.TryFind(".BTF"u8, out ElfSection types));
        Assert.True(elf.Sections.TryFind(".BTF.ext"u8, out ElfSection info));
        byte[] target = TestData.Read("btf/moved.bpf.o");
        Assert.True(ElfFile.Read(target).Sections.TryFind(".BTF"u8, out ElfSection targetTypes));

        var random = new Random(7);
        int refused = 0, answered = 0;
        for (int round = 0; round < 1500; round++)
        {
            byte[][] parts = [types.Data.ToArray(), info.Data.ToArray(), targetTypes.Data.ToArray()];
            byte[] damaged = parts[round % 3];
            for (int i = 0; i <= round % 4; i++) damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                var relocator = new CoReRelocator(BtfReader.Read(parts[0]), BtfExtReader.Read(parts[1]), new TargetTypes(BtfReader.Read(parts[2])));
                var code = new BpfInstruction[64];
                IReadOnlyList<CoReFinding> findings = relocator.Relocate("syscall", code);
                foreach (CoReFinding finding in findings) _ = finding.ToFinding()?.ToString();
                answered++;
            }
            catch (BpfFormatException)
            {
                refused++;
            }
        }

        Assert.True(refused > 50 && answered > 50, $"{refused} refused, {answered} answered");
    }

    [Fact]
    public void Types_that_contain_each_other_in_2_to_the_60_ways_are_refused()
    {
        // Each struct has two anonymous members of the next one, and none has the name.
        BtfTypeId local = CoReTypes.Struct(_types.Local, "s", ("f", _types.LocalU32));
        Doubling(_types.Target, "s", 60, anonymous: true);
        Assert.Equal(BpfDiagnosticId.CoReTooDeep, _types.Refusal(local, CoReKind.FieldExists, "0:0"));
    }

    [Fact]
    public void A_struct_in_itself_is_refused()
    {
        BtfTypeId local = CoReTypes.Struct(_types.Local, "s", ("f", _types.LocalU32));
        BtfTypeId target = _types.Target.AddStruct("s", 4);
        _types.Target.AddMember(null, target, 0);
        Assert.Equal(BpfDiagnosticId.CoReTooDeep, _types.Refusal(local, CoReKind.FieldExists, "0:0"));
    }

    [Fact]
    public void Matching_types_that_contain_each_other_in_2_to_the_30_ways_ends()
    {
        BtfTypeId local = Doubling(_types.Local, "s", 30, anonymous: false);
        Doubling(_types.Target, "s", 30, anonymous: false);
        Assert.Equal(BpfDiagnosticId.CoReTooDeep, _types.Refusal(local, CoReKind.TypeMatches));
    }

    [Fact]
    public void Prototypes_of_prototypes_end()
    {
        BtfTypeId local = _types.Local.AddTypedef("t", Prototypes(_types.Local, _types.LocalInt, 28));
        _types.Target.AddTypedef("t", Prototypes(_types.Target, _types.TargetInt, 28));
        Assert.Equal(BpfDiagnosticId.CoReTooDeep, _types.Refusal(local, CoReKind.TypeExists));
    }

    [Fact]
    public void A_pointer_to_itself_is_refused()
    {
        BtfTypeId local = _types.Local.AddTypedef("t", new BtfTypeId(_types.Local.TypeCount + 1));
        _types.Local.AddPointer(new BtfTypeId(_types.Local.TypeCount));
        _types.Target.AddTypedef("t", new BtfTypeId(_types.Target.TypeCount + 1));
        _types.Target.AddPointer(new BtfTypeId(_types.Target.TypeCount));
        Assert.Equal(BpfDiagnosticId.CoReTooDeep, _types.Refusal(local, CoReKind.TypeExists));
        Assert.Equal(BpfDiagnosticId.CoReTooDeep, _types.Refusal(local, CoReKind.TypeMatches));
    }

    [Fact]
    public void A_typedef_of_itself_is_refused()
    {
        BtfTypeId local = _types.Local.AddTypedef("t", new BtfTypeId(_types.Local.TypeCount));
        _types.Target.AddTypedef("t", _types.TargetInt);
        Assert.Throws<BpfFormatException>(() => _types.Ask(local, CoReKind.FieldExists));
        Assert.Throws<BpfFormatException>(() => _types.Ask(local, CoReKind.TypeExists));
    }

    [Fact]
    public void An_array_of_itself_is_refused()
    {
        BtfTypeId Looped(BtfBuilder types, BtfTypeId index)
        {
            BtfTypeId root = types.AddStruct("s", 8);
            types.AddMember("f", new BtfTypeId(types.TypeCount), 0);
            types.AddArray(new BtfTypeId(types.TypeCount), index, 1);
            return root;
        }

        BtfTypeId local = Looped(_types.Local, _types.LocalInt);
        Looped(_types.Target, _types.TargetInt);
        Assert.Equal(BpfDiagnosticId.CoReTooDeep, _types.Refusal(local, CoReKind.FieldExists, "0:0"));
    }

    [Fact]
    public void A_record_of_a_type_that_does_not_exist_is_refused() =>
        Assert.Throws<BpfFormatException>(() => _types.Ask(new BtfTypeId(99), CoReKind.FieldExists));

    private static BtfTypeId Doubling(BtfBuilder types, string name, int levels, bool anonymous)
    {
        BtfTypeId first = new(types.TypeCount);
        for (int i = 0; i < levels; i++)
        {
            types.AddStruct(i == 0 ? name : $"level{i}", 8);
            BtfTypeId next = i == levels - 1 ? new BtfTypeId(1) : new BtfTypeId(types.TypeCount);
            types.AddMember(anonymous && i < levels - 1 ? null : "one", next, 0);
            types.AddMember(anonymous && i < levels - 1 ? null : "two", next, 0);
        }

        return first;
    }

    private static BtfTypeId Prototypes(BtfBuilder types, BtfTypeId innermost, int levels)
    {
        BtfTypeId id = innermost;
        for (int i = 0; i < levels; i++)
        {
            BtfTypeId pointer = types.AddPointer(id);
            id = types.AddFunctionPrototype(BtfTypeId.Void);
            types.AddParameter("a", pointer);
            types.AddParameter("b", pointer);
        }

        return id;
    }
}
