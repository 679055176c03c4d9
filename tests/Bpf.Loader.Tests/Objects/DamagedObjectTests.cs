using System;
using System.Linq;
using Bpf.Loader.Objects;
using Xunit;

namespace Bpf.Loader.Tests.Objects;

/// <summary>Objects that are cut off or changed are refused with section and offset, or understood; never more than that happens.</summary>
public class DamagedObjectTests
{
    private const int Flips = 10_000;

    public static TheoryData<string> Samples() =>
    [
        "execsnoop.bpf.o", "be/execsnoop.bpf.o", "clang-14/execsnoop.bpf.o", "maps_inner.bpf.o", "extern_kconfig.bpf.o", "extern_kfuncs.bpf.o",
        "hook_struct_ops_link.bpf.o", "maps_arena.bpf.o", "linked.bpf.o", "odd_iproute2.bpf.o", "call_callbacks.bpf.o", "data_custom.bpf.o",
    ];

    [Theory, MemberData(nameof(Samples))]
    public void Every_truncation_is_refused_or_understood(string name) =>
        Damage.MustBeSurvived(Damage.Truncations(TestData.Read(name)), ReadAll);

    [Theory, MemberData(nameof(Samples))]
    public void Changed_bytes_are_refused_or_understood(string name) =>
        Damage.MustBeSurvived(Damage.Flips(TestData.Read(name), Flips, seed: name.Length), ReadAll);

    [Fact]
    public void A_cut_object_that_was_laid_out_in_order_is_never_understood()
    {
        // The section headers stand at the end, so that whatever is missing is missing from them.
        byte[] sound = TestData.Read("execsnoop.bpf.o");
        for (int length = 0; length < sound.Length; length++)
            Assert.Throws<BpfFormatException>(() => BpfObjectFile.Read(sound.AsMemory(0, length), "cut"));
    }

    private static void ReadAll(ReadOnlyMemory<byte> bytes)
    {
        BpfObjectFile file = BpfObjectFile.Read(bytes, "damaged.bpf.o");
        foreach (BpfFunction function in file.Functions)
        {
            Assert.Equal(function.InstructionCount, function.Instructions.Length);
            foreach (CodeRelocation relocation in function.Relocations)
                Assert.InRange(relocation.Instruction, 0, function.InstructionCount - 1);
        }

        foreach (BpfGlobal global in file.Globals)
        {
            // A zeroed section of 2 GiB is legal, and takes memory only when it is asked for.
            if (global.Map.ValueSize <= bytes.Length) Assert.Equal((int)global.Size, global.Bytes.Length);
        }

        foreach (BpfMapDefinition map in file.Maps) Assert.NotEmpty(map.Name);
        Assert.Equal(file.Programs.Count, file.Clone().Programs.Count);
        Assert.All(file.Diagnostics, diagnostic => Assert.NotEmpty(diagnostic.ToString()));
        Assert.Equal(file.Programs.Count, file.Functions.Count(function => !function.IsSubProgram));
    }
}
