using System;
using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Instructions;
using Bpf.Loader.Objects;
using Xunit;

namespace Bpf.Loader.Tests.Objects;

/// <summary>The big-endian object of a source says what the little-endian one says.</summary>
public class ByteOrderTests
{
    public static TheoryData<string> Names() =>
        [.. TestData.GoodObjects().Select(row => row.Data).Where(name => name.StartsWith("be/", StringComparison.Ordinal)).Select(name => name[3..])];

    [Theory, MemberData(nameof(Names))]
    public void Both_say_the_same(string name)
    {
        BpfObjectFile little = BpfObjectFile.Open(TestData.PathOf(name)), big = BpfObjectFile.Open(TestData.PathOf("be/" + name));
        Assert.False(little.IsBigEndian);
        Assert.True(big.IsBigEndian);
        Assert.Equal(BitConverter.IsLittleEndian, big.IsForeignEndian);
        Assert.Equal((little.Name, little.License, little.KernelVersion), (big.Name, big.License, big.KernelVersion));
        Assert.Equal(little.Programs.Select(Describe), big.Programs.Select(Describe));
        Assert.Equal(little.Maps.Select(Describe), big.Maps.Select(Describe));
        Assert.Equal(little.Externs.Select(Describe), big.Externs.Select(Describe));
        Assert.Equal(little.Globals.Select(Describe), big.Globals.Select(Describe));
        Assert.Equal(little.Btf?.TypeCount, big.Btf?.TypeCount);
        Assert.Equal(little.Diagnostics.Select(finding => finding.Id), big.Diagnostics.Select(finding => finding.Id));
    }

    [Theory, MemberData(nameof(Names))]
    public void Code_is_in_the_order_of_this_machine(string name)
    {
        // Instructions may differ where the compiler reads parts of numbers; calls, 64-bit loads and what they refer to may not.
        BpfObjectFile little = BpfObjectFile.Open(TestData.PathOf(name)), big = BpfObjectFile.Open(TestData.PathOf("be/" + name));
        Assert.Equal(
            little.Functions.SelectMany(function => function.Relocations.Select(relocation => Describe(function, relocation))),
            big.Functions.SelectMany(function => function.Relocations.Select(relocation => Describe(function, relocation))));
        Assert.All(big.Functions, function => Assert.Contains(function.Instructions, code => code.Code is BpfOpCode.Exit or BpfOpCode.Call));
    }

    private static string Describe(BpfProgramDefinition program) =>
        $"{program.Name} {program.SectionName} {program.Type} {program.ExpectedAttachType} {program.AttachTarget} {program.AutoLoad}";

    private static string Describe(BpfMapDefinition map) =>
        $"{map.Name} {map.Type} {map.Kind} {map.KeySize} {map.ValueSize} {map.MaxEntries} {map.Flags} {map.MapExtra} {map.PinPath} {map.InnerMap} "
        + string.Join(' ', map.InitialSlots)
        + string.Join(' ', map.StructOps?.Members.Select(member => $"{member.Name}={member.Program?.Name}") ?? []);

    private static string Describe(BpfExternDefinition item) =>
        $"{item.Name} {item.Kind} {item.IsWeak} {item.IsFunction} {item.IsTypeless} {item.ConfigType} {item.IsSigned} {item.Size} {item.Offset}";

    private static string Describe(BpfGlobal global) => $"{global.Name} {global.Map.Name} {global.Offset} {global.Size} {global.IsStatic} {global.IsReadOnly}";

    private static string Describe(BpfFunction function, CodeRelocation relocation) =>
        $"{function.Name} {relocation.Kind} {relocation.Map} {relocation.Extern} {relocation.Value}";
}
