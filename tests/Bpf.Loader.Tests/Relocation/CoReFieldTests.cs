using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Relocation;
using Xunit;

namespace Bpf.Loader.Tests.Relocation;

/// <summary>Where fields are found in the target, and which fields may stand for each other.</summary>
public sealed class CoReFieldTests
{
    [Fact]
    public void Members_are_found_wherever_they_moved()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var types = new CoReTypes();
            string[] names = [.. Enumerable.Range(0, 12).Select(i => "m" + i)];

            random.Shuffle(names);
            BtfTypeId local = CoReTypes.Struct(types.Local, "s", [.. names.Select(name => (name, types.LocalU32))]);
            var places = new Dictionary<string, uint>();
            random.Shuffle(names);
            Build(types, random, "s", new Queue<string>(names), 0, 0, places);

            Assert.Equal(names.Order(), places.Keys.Order());
            BtfReader reader = types.Local.ToReader();
            for (int i = 0; i < names.Length; i++)
            {
                CoReResult result = types.Ask(local, CoReKind.FieldByteOffset, "0:" + i);
                Assert.Equal(4u * (uint)i, result.OriginalValue);
                Assert.Equal(places[reader[local].Members[i].Name], result.NewValue);
                Assert.Equal(result.NewValue * 8, result.Target!.BitOffset);
            }
        }
    }

    [Fact]
    public void Elements_are_counted_in_the_targets_sizes()
    {
        var types = new CoReTypes();
        BtfTypeId inner = CoReTypes.Struct(types.Local, "inner", ("a", types.LocalU32), ("b", types.LocalU32));
        BtfTypeId local = CoReTypes.Struct(types.Local, "s", ("list", types.Local.AddArray(inner, types.LocalInt, 4)));
        inner = CoReTypes.Struct(types.Target, "other", ("x", types.TargetU64), ("b", types.TargetU32), ("a", types.TargetU32));
        CoReTypes.Struct(types.Target, "s", ("before", types.TargetU64), ("list", types.Target.AddArray(inner, types.TargetInt, 3)));
        for (uint index = 0; index < 3; index++) Assert.Equal(8 + (index * 16) + 12, types.Ask(local, CoReKind.FieldByteOffset, $"0:0:{index}:0").NewValue);
        Assert.True(types.Ask(local, CoReKind.FieldByteOffset, "0:0:3:0").IsMissing);
        Assert.Equal((2 * 56u) + 8 + 16 + 8, types.Ask(local, CoReKind.FieldByteOffset, "2:0:1:1").NewValue);
    }

    [Theory]
    [InlineData(true, 0u, true)]   // no length, and last
    [InlineData(false, 0u, false)] // no length, but something follows
    [InlineData(true, 3u, false)]
    [InlineData(false, 10u, true)]
    public void Only_a_last_array_without_a_length_is_open(bool isLast, uint length, bool exists)
    {
        var types = new CoReTypes();
        BtfTypeId local = CoReTypes.Struct(types.Local, "s", ("list", types.Local.AddArray(types.LocalU32, types.LocalInt, 0)));
        (string?, BtfTypeId) list = ("list", types.Target.AddArray(types.TargetU32, types.TargetInt, length));
        CoReTypes.Struct(types.Target, "s", isLast ? [("n", types.TargetU32), list] : [list, ("n", types.TargetU32)]);
        Assert.Equal(exists ? 1u : 0, types.Ask(local, CoReKind.FieldExists, "0:0:9").NewValue);
    }

    [Fact]
    public void The_first_member_of_a_name_decides()
    {
        // A member of another kind ends the search, also in an anonymous struct, though a later one would fit.
        var types = new CoReTypes();
        BtfTypeId local = CoReTypes.Struct(types.Local, "s", ("f", types.LocalU32));
        BtfTypeId anonymous = CoReTypes.Struct(types.Target, null, ("f", types.Target.AddPointer(BtfTypeId.Void)));
        CoReTypes.Struct(types.Target, "s", (null, anonymous), ("f", types.TargetU32));
        Assert.Equal(0u, types.Ask(local, CoReKind.FieldExists, "0:0").NewValue);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Fields_of_two_types_may_stand_for_each_other(string ours, string theirs, bool expected)
    {
        var types = new CoReTypes();
        BtfTypeId local = types.Local.AddStruct("s", 64);
        types.Local.AddMember("f", default, 0);
        types.Local.SetEntryType(local, 0, Make(types.Local, ours));
        BtfTypeId target = types.Target.AddStruct("s", 64);
        types.Target.AddMember("f", default, 0);
        types.Target.SetEntryType(target, 0, Make(types.Target, theirs));
        Assert.Equal(expected ? 1u : 0, types.Ask(local, CoReKind.FieldExists, "0:0").NewValue);
    }

    public static TheoryData<string, string, bool> Pairs()
    {
        string[] all = ["u32", "s64", "bool", "old int", "ptr void", "ptr u32", "float", "double", "struct a", "struct b", "union a", "enum a", "enum a___x", "enum b", "enum", "enum64 a", "fwd a", "fwd b", "array u32", "array u64", "array ptr", "proto"];
        string Group(string type) => type switch
        {
            "u32" or "s64" or "bool" => "int",
            "ptr void" or "ptr u32" => "ptr",
            "float" or "double" => "float",
            "struct a" or "struct b" or "union a" => "composite",
            "enum a" or "enum a___x" or "enum64 a" => "enum a",
            "array u32" or "array u64" => "array int",
            "old int" or "proto" => "none",
            _ => type,
        };
        var rows = new TheoryData<string, string, bool>();
        foreach (string ours in all)
        {
            foreach (string theirs in all)
            {
                bool same = Group(ours) == Group(theirs) && Group(ours) != "none";

                // An anonymous enum may be any.
                bool anonymous = (ours == "enum" && theirs.StartsWith("enum", StringComparison.Ordinal)) || (theirs == "enum" && ours.StartsWith("enum", StringComparison.Ordinal));
                rows.Add(ours, theirs, same || anonymous);
            }
        }

        return rows;
    }

    private static BtfTypeId Make(BtfBuilder types, string what)
    {
        string[] words = what.Split(' ');
        BtfTypeId u32 = types.AddInt("u32", 4);
        switch (words[0])
        {
            case "u32": return types.AddConst(types.AddTypedef("number", types.AddVolatile(u32)));
            case "s64": return types.AddInt("s64", 8, BtfIntEncoding.Signed);
            case "bool": return types.AddInt("_Bool", 1, BtfIntEncoding.Bool);
            case "old":
                BtfTypeId old = types.AddInt("int", 4);
                types.SetInt(old, BtfIntEncoding.None, 5, 3);
                return old;
            case "ptr": return types.AddPointer(words[1] == "void" ? BtfTypeId.Void : u32);
            case "float": return types.AddFloat("float", 4);
            case "double": return types.AddFloat("double", 8);
            case "struct": return types.AddStruct(words[1], 8);
            case "union": return types.AddUnion(words[1], 8);
            case "enum": return types.AddEnum(words.Length > 1 ? words[1] : null);
            case "enum64": return types.AddEnum64(words[1]);
            case "fwd": return types.AddForward(words[1]);
            case "proto": return types.AddFunctionPrototype(u32);
            default: // array
                BtfTypeId element = words[1] switch { "u32" => u32, "u64" => types.AddInt("u64", 8), _ => types.AddPointer(u32) };
                return types.AddArray(types.AddConst(element), u32, words[1] == "u64" ? 7u : 3);
        }
    }

    // Spreads names over a struct, with gaps and anonymous structs and unions in it, and notes where each lies in the whole.
    private static (BtfTypeId Id, uint Size) Build(
        CoReTypes types, Random random, string? name, Queue<string> names, uint at, int depth, Dictionary<string, uint> places)
    {
        var members = new List<(string? Name, BtfTypeId Type, uint Offset)>();
        bool isUnion = depth > 0 && random.Next(3) == 0;
        uint size = 0;
        while (names.Count > 0 && (depth == 0 || members.Count == 0 || random.Next(4) != 0))
        {
            uint offset = isUnion ? 0 : size + (4 * (uint)random.Next(3));
            uint end;
            if (depth < 5 && random.Next(3) == 0)
            {
                (BtfTypeId nested, uint nestedSize) = Build(types, random, null, names, at + offset, depth + 1, places);
                members.Add((null, nested, offset));
                end = offset + nestedSize;
            }
            else
            {
                string member = names.Dequeue();
                places.Add(member, at + offset);
                members.Add((member, types.TargetU32, offset));
                end = offset + 4;
            }

            size = Math.Max(size, end);
        }

        BtfTypeId id = isUnion ? types.Target.AddUnion(name, size) : types.Target.AddStruct(name, size);
        foreach ((string? member, BtfTypeId type, uint offset) in members) types.Target.AddMember(member, type, offset * 8);
        return (id, size);
    }
}
