using Bpf.Loader.Btf;
using Bpf.Loader.Relocation;
using Xunit;

namespace Bpf.Loader.Tests.Relocation;

/// <summary>Types and enumerators: which of the target's may be meant, and what can be asked of them.</summary>
public sealed class CoReTypeTests
{
    private readonly CoReTypes _types = new();

    [Fact]
    public void A_root_finds_its_own_kind_only()
    {
        BtfTypeId local = CoReTypes.Struct(_types.Local, "a", ("f", _types.LocalU32));
        BtfTypeId typedef = _types.Local.AddTypedef("a", local);
        _types.Target.AddUnion("a", 4);
        _types.Target.AddForward("a");
        Assert.Equal(0u, _types.Ask(local, CoReKind.TypeExists).NewValue);
        BtfTypeId found = _types.Target.AddStruct("a", 12);
        Assert.Equal(1u, _types.Ask(local, CoReKind.TypeExists).NewValue);
        Assert.Equal(12u, _types.Ask(local, CoReKind.TypeSize).NewValue);
        Assert.Equal((ulong)found.Value, _types.Ask(local, CoReKind.TypeIdTarget).NewValue);
        Assert.Equal((ulong)local.Value, _types.Ask(local, CoReKind.TypeIdLocal).NewValue);

        // A typedef finds typedefs, of whatever is compatible behind them.
        Assert.Equal(0u, _types.Ask(typedef, CoReKind.TypeExists).NewValue);
        _types.Target.AddTypedef("a", _types.TargetInt);
        Assert.Equal(0u, _types.Ask(typedef, CoReKind.TypeExists).NewValue);
        BtfTypeId second = _types.Target.AddTypedef("a___second", _types.Target.AddConst(found));
        Assert.Equal((ulong)second.Value, _types.Ask(typedef, CoReKind.TypeIdTarget).NewValue);
    }

    [Fact]
    public void An_absent_type_has_size_and_id_zero_and_is_not_poisoned()
    {
        BtfTypeId local = CoReTypes.Struct(_types.Local, "absent", ("f", _types.LocalU32));
        foreach (CoReKind kind in (CoReKind[])[CoReKind.TypeExists, CoReKind.TypeSize, CoReKind.TypeIdTarget, CoReKind.TypeMatches, CoReKind.FieldExists])
        {
            CoReResult result = _types.Ask(local, kind, kind == CoReKind.FieldExists ? "0:0" : "0");
            Assert.False(result.IsMissing);
            Assert.Null(result.Target);
            Assert.Equal(0u, result.NewValue);
        }

        foreach (CoReKind kind in (CoReKind[])[CoReKind.FieldByteOffset, CoReKind.FieldByteSize, CoReKind.FieldSigned, CoReKind.FieldLeftShift64, CoReKind.FieldRightShift64])
            Assert.True(_types.Ask(local, kind, "0:0").IsMissing);
    }

    [Fact]
    public void Anonymous_types_cannot_be_looked_for()
    {
        BtfTypeId local = CoReTypes.Struct(_types.Local, null, ("f", _types.LocalU32));
        Assert.Equal(BpfDiagnosticId.AnonymousCoReType, _types.Refusal(local, CoReKind.FieldExists, "0:0"));
        Assert.Equal((ulong)local.Value, _types.Ask(local, CoReKind.TypeIdLocal).NewValue);
    }

    [Fact]
    public void Enumerators_are_found_by_name_in_enums_of_either_width()
    {
        BtfTypeId local = _types.Local.AddEnum("e___old", 4, isSigned: true);
        _types.Local.AddEnumerator("MINUS", -3);
        _types.Local.AddEnumerator("BIG___old", 2);
        _types.Local.AddEnumerator("GONE", 9);
        _types.Target.AddEnum64("e", 8);
        _types.Target.AddEnumerator("OTHER", 1);
        _types.Target.AddEnumerator("BIG", 0x123456789a);
        _types.Target.AddEnumerator("MINUS___new", -7);

        Assert.Equal(unchecked((ulong)-3), _types.Ask(local, CoReKind.EnumValue, "0").OriginalValue);
        Assert.Equal(unchecked((ulong)-7), _types.Ask(local, CoReKind.EnumValue, "0").NewValue);
        Assert.Equal(0x123456789au, _types.Ask(local, CoReKind.EnumValue, "1").NewValue);
        Assert.Equal(1u, _types.Ask(local, CoReKind.EnumValueExists, "1").NewValue);
        Assert.Equal(0u, _types.Ask(local, CoReKind.EnumValueExists, "2").NewValue);
        Assert.True(_types.Ask(local, CoReKind.EnumValue, "2").IsMissing);
        Assert.Equal("<enumval_value> [4] enum e___old::MINUS = -3", _types.Ask(local, CoReKind.EnumValue, "0").Local.ToString());
        Assert.Equal("<enumval_value> [4] enum64 e::BIG = 78187493530", _types.Ask(local, CoReKind.EnumValue, "1").Target!.ToString());
    }

    [Fact]
    public void Matching_compares_names_and_types_of_all_members()
    {
        BtfTypeId local = CoReTypes.Struct(_types.Local, "s___mine", ("a", _types.LocalU32), ("p", _types.Local.AddPointer(_types.Local.AddStruct("deep", 4))));
        BtfTypeId deep = CoReTypes.Struct(_types.Target, "deep", ("x", _types.TargetU64));
        BtfTypeId good = CoReTypes.Struct(_types.Target, "s", ("more", _types.TargetInt), ("p", _types.Target.AddPointer(deep)), ("a", _types.TargetU32));
        Assert.Equal(1u, _types.Ask(local, CoReKind.TypeMatches).NewValue);

        // A forward declaration behind a pointer is as good, of a union it is not.
        _types.Target.SetEntryType(good, 1, _types.Target.AddPointer(_types.Target.AddForward("deep")));
        Assert.Equal(1u, _types.Ask(local, CoReKind.TypeMatches).NewValue);
        _types.Target.SetEntryType(good, 1, _types.Target.AddPointer(_types.Target.AddForward("deep", isUnion: true)));
        Assert.Equal(0u, _types.Ask(local, CoReKind.TypeMatches).NewValue);

        // Another sign, another size, another name.
        _types.Target.SetEntryType(good, 1, _types.Target.AddPointer(deep));
        _types.Target.SetEntryType(good, 2, _types.TargetInt);
        Assert.Equal(0u, _types.Ask(local, CoReKind.TypeMatches).NewValue);
        Assert.Equal(1u, _types.Ask(local, CoReKind.TypeExists).NewValue);
        _types.Target.SetEntryType(good, 2, _types.Target.AddInt("unsigned int", 4, BtfIntEncoding.Signed));
        Assert.Equal(0u, _types.Ask(local, CoReKind.TypeMatches).NewValue);
        _types.Target.SetEntryType(good, 2, _types.Target.AddInt("unsigned int", 8));
        Assert.Equal(0u, _types.Ask(local, CoReKind.TypeMatches).NewValue);
        _types.Target.SetEntryType(good, 2, _types.TargetU32);
        _types.Target.SetEntryName(good, 2, "b");
        Assert.Equal(0u, _types.Ask(local, CoReKind.TypeMatches).NewValue);
    }

    [Fact]
    public void Matching_enums_ignores_values_but_not_names_and_sizes()
    {
        BtfTypeId local = _types.Local.AddEnum("e");
        _types.Local.AddEnumerator("A", 1);
        _types.Local.AddEnumerator("B___x", 2);
        BtfTypeId target = _types.Target.AddEnum("e");
        _types.Target.AddEnumerator("B", 7);
        Assert.Equal(0u, _types.Ask(local, CoReKind.TypeMatches).NewValue);
        _types.Target.AddEnumerator("A", 8);
        Assert.Equal(1u, _types.Ask(local, CoReKind.TypeMatches).NewValue);
        _types.Target.SetSize(target, 8);
        Assert.Equal(0u, _types.Ask(local, CoReKind.TypeMatches).NewValue);
    }

    [Theory]
    [InlineData(1, 2, false)]
    [InlineData(2, 1, false)]
    [InlineData(2, 2, true)]
    [InlineData(0, 0, true)]
    public void Prototypes_need_the_same_number_of_parameters(int ours, int theirs, bool expected)
    {
        BtfTypeId prototype = _types.Local.AddFunctionPrototype(_types.LocalInt);
        for (int i = 0; i < ours; i++) _types.Local.AddParameter("p", _types.LocalInt);
        BtfTypeId local = _types.Local.AddTypedef("t", prototype);
        prototype = _types.Target.AddFunctionPrototype(_types.TargetInt);
        for (int i = 0; i < theirs; i++) _types.Target.AddParameter("p", _types.TargetInt);
        _types.Target.AddTypedef("t", prototype);
        Assert.Equal(expected ? 1u : 0, _types.Ask(local, CoReKind.TypeExists).NewValue);
        Assert.Equal(expected ? 1u : 0, _types.Ask(local, CoReKind.TypeMatches).NewValue);
    }

    [Fact]
    public void Prototypes_agree_in_number_and_kind_of_parameters()
    {
        BtfTypeId pointer = _types.Local.AddPointer(_types.LocalU64);
        BtfTypeId proto = _types.Local.AddFunctionPrototype(_types.LocalInt);
        _types.Local.AddParameter("a", _types.LocalU32);
        _types.Local.AddParameter("b", pointer);
        BtfTypeId local = _types.Local.AddTypedef("callback", _types.Local.AddPointer(proto));

        BtfTypeId constant = _types.Target.AddConst(_types.TargetU32);
        BtfTypeId other = _types.Target.AddFunctionPrototype(_types.TargetU64);
        _types.Target.AddParameter("x", constant);
        _types.Target.AddTypedef("callback", _types.Target.AddPointer(other));
        Assert.Equal(0u, _types.Ask(local, CoReKind.TypeExists).NewValue);

        pointer = _types.Target.AddPointer(_types.TargetU32);
        other = _types.Target.AddFunctionPrototype(_types.TargetInt);
        _types.Target.AddParameter("x", constant);
        _types.Target.AddParameter("y", pointer);
        _types.Target.AddTypedef("callback___b", _types.Target.AddPointer(other));
        Assert.Equal(1u, _types.Ask(local, CoReKind.TypeExists).NewValue);

        // For matching, what the pointer leads to has another name.
        Assert.Equal(0u, _types.Ask(local, CoReKind.TypeMatches).NewValue);
        _types.Target.SetEntryType(other, 1, _types.Target.AddPointer(_types.TargetU64));
        Assert.Equal(1u, _types.Ask(local, CoReKind.TypeMatches).NewValue);
    }
}
