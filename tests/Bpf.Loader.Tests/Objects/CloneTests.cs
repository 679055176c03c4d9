using System;
using System.Linq;
using Bpf.Loader.Objects;
using Xunit;

namespace Bpf.Loader.Tests.Objects;

/// <summary>A copy of a description has nothing in common with it that can be changed.</summary>
public class CloneTests
{
    // Without the halves of an object, which are none by themselves.
    public static TheoryData<string> Objects() =>
        [.. TestData.GoodObjects().Select(row => row.Data).Where(name => !name.StartsWith("linked/", StringComparison.Ordinal))];

    [Theory, MemberData(nameof(Objects))]
    public void A_copy_says_the_same(string name)
    {
        BpfObjectFile file = BpfObjectFile.Open(TestData.PathOf(name)), copy = file.Clone();
        Assert.Equal(ObjectDescription.Of(file), ObjectDescription.Of(copy));
        Assert.Equal((file.Name, file.License, file.KernelVersion, file.IsBigEndian), (copy.Name, copy.License, copy.KernelVersion, copy.IsBigEndian));
        Assert.Equal(file.Diagnostics, copy.Diagnostics);
        Assert.Equal(file.Globals.Select(global => global.ToString()), copy.Globals.Select(global => global.ToString()));
        Assert.Equal(
            file.Functions.SelectMany(function => function.Relocations.Select(relocation => relocation.ToString())),
            copy.Functions.SelectMany(function => function.Relocations.Select(relocation => relocation.ToString())));
        Assert.All(file.Maps.Zip(copy.Maps), pair => Assert.Equal(pair.First.InitialSlots.Select(slot => slot.ToString()), pair.Second.InitialSlots.Select(slot => slot.ToString())));
    }

    [Theory, MemberData(nameof(Objects))]
    public void A_copy_refers_to_nothing_of_the_original(string name)
    {
        BpfObjectFile copy = BpfObjectFile.Open(TestData.PathOf(name)).Clone();
        Assert.All(copy.Maps, map => Assert.Same(copy, map.Owner));
        Assert.All(copy.Globals, global => Assert.Contains(global.Map, copy.Maps));
        Assert.All(copy.Programs, program => Assert.Contains(program.Function, copy.Functions));
        Assert.All(
            copy.Functions.SelectMany(function => function.Relocations).Where(relocation => relocation.Map is not null),
            relocation => Assert.Contains(relocation.Map, copy.Maps));
        foreach (BpfMapSlot slot in copy.Maps.SelectMany(map => map.InitialSlots))
        {
            if (slot.Map is not null) Assert.Contains(slot.Map, copy.Maps);
            if (slot.Program is not null) Assert.Contains(slot.Program, copy.Programs);
        }

        Assert.All(
            copy.Maps.SelectMany(map => map.StructOps?.Members ?? []).Where(member => member.Program is not null),
            member => Assert.Contains(member.Program, copy.Programs));
    }

    [Fact]
    public void Changes_stay_where_they_are_made()
    {
        BpfObjectFile file = BpfObjectFile.Open(TestData.PathOf("execsnoop.bpf.o")), copy = file.Clone();
        string before = ObjectDescription.Of(file);
        foreach (BpfMapDefinition map in copy.Maps)
        {
            if (map.InitialValue.Length > 0) map.InitialValue.Span.Fill(0xff);
            map.MaxEntries = 1 << 20;
            map.ValueSize = 4096;
            map.Flags = BpfMapFlags.NumaNode;
            map.PinPath = "/x";
            map.AutoCreate = false;
        }

        foreach (BpfProgramDefinition program in copy.Programs)
        {
            program.Type = BpfProgramType.Syscall;
            program.AutoLoad = false;
        }

        Assert.Equal(before, ObjectDescription.Of(file));
        Assert.NotEqual(before, ObjectDescription.Of(copy));
        Assert.Equal(ObjectDescription.Of(copy), ObjectDescription.Of(copy.Clone()));
    }
}
