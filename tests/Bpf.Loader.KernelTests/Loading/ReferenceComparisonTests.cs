using System;
using System.Linq;
using System.Text.Json;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Objects;
using Xunit;

namespace Bpf.Loader.KernelTests.Loading;

/// <summary>
/// Whatever libbpf loads on this kernel, we load, program by program, and what reaches the verifier is the same to the last bit.
/// </summary>
public sealed class ReferenceComparisonTests(ReferenceLoader reference) : KernelTest, IClassFixture<ReferenceLoader>
{
    public static TheoryData<string> Objects => TestObjects.All;

    [Theory]
    [MemberData(nameof(Objects))]
    public void Programs_have_the_tags_that_libbpf_gets(string name)
    {
        JsonElement expected = reference[name];
        if (expected.GetProperty("open").GetString() != "ok") return; // What libbpf cannot even open, other tests are about.
        BpfObjectFile file = BpfObjectFile.Open(TestObjects.PathOf(name));
        JsonElement[] programs = [.. expected.GetProperty("programs").EnumerateArray()];
        Assert.Equal(programs.Select(program => program.GetProperty("name").GetString()), file.Programs.Select(program => program.Name));
        for (int i = 0; i < programs.Length; i++)
        {
            BpfProgramDefinition definition = file.Programs[i];
            Assert.Equal(programs[i].GetProperty("sec").GetString(), definition.SectionName);
            Assert.Equal(programs[i].GetProperty("eat").GetUInt32(), (uint)definition.ExpectedAttachType);
            Assert.Equal(programs[i].GetProperty("insns").GetInt32(), definition.InstructionCount);
            if (programs[i].GetProperty("loaded").GetBoolean()) AssertLoadsAlike(file, i, programs[i]);
        }
    }

    [Theory]
    [MemberData(nameof(Objects))]
    public void Maps_are_described_as_libbpf_does(string name)
    {
        JsonElement expected = reference[name];
        if (expected.GetProperty("open").GetString() != "ok") return;
        BpfObjectFile file = BpfObjectFile.Open(TestObjects.PathOf(name));
        Assert.Equal(
            expected.GetProperty("maps").EnumerateArray().Select(map => (
                map.GetProperty("name").GetString()!, map.GetProperty("type").GetUInt32(), map.GetProperty("key_size").GetUInt32(),
                map.GetProperty("value_size").GetUInt32(), map.GetProperty("max_entries").GetUInt32(), map.GetProperty("map_flags").GetUInt32())),
            file.Maps.Select(map => (map.Name, (uint)map.Type, map.KeySize, map.ValueSize, map.MaxEntries, (uint)map.Flags)));
    }

    private static void AssertLoadsAlike(BpfObjectFile file, int index, JsonElement expected)
    {
        using BpfObject loaded = LoadAlone(file, index);
        BpfProgram program = loaded.Programs[file.Programs[index].Name];

        // The descriptor of a module's BTF is part of the instructions, and differs from process to process.
        bool isOfThisProcess = file.Externs.Any(e => e is { Kind: BpfExternKind.KernelSymbol, IsFunction: false, IsTypeless: false });
        BpfProgramInfo info = program.GetInfo();
        if (!isOfThisProcess || info.Tag == expected.GetProperty("tag").GetString())
        {
            Assert.Equal(expected.GetProperty("tag").GetString(), info.Tag);
            Assert.Equal(expected.GetProperty("xlated_len").GetUInt32(), info.XlatedLength);
            Assert.Equal(expected.GetProperty("verified_insns").GetUInt32(), info.VerifiedInstructions);
        }

        Assert.Equal(expected.GetProperty("type").GetUInt32(), (uint)info.Type);
    }

    private static BpfObject LoadAlone(BpfObjectFile file, int index)
    {
        BpfObjectFile alone = file.Clone();
        for (int i = 0; i < alone.Programs.Count && index >= 0; i++) alone.Programs[i].AutoLoad = i == index;
        foreach (BpfMapDefinition map in alone.Maps) map.PinPath = null;
        return alone.Load();
    }
}
