using System;
using System.Linq;
using System.Security.Cryptography;
using Bpf.Loader.Instructions;
using Bpf.Loader.Light;
using Bpf.Loader.Logging;
using Bpf.Loader.Objects;
using Bpf.Loader.Tests.Skeletons;
using Xunit;

namespace Bpf.Loader.Tests.Light;

/// <summary>Light objects: what is written of an object, and what cannot be.</summary>
public sealed class LightFileTests
{
    // The objects that this machine's byte order goes for.
    public static TheoryData<string> Objects() => [.. CompiledSkeletons.Objects().Select(row => row.Data).Where(name => !BpfObjectFile.Open(TestData.PathOf(name)).IsForeignEndian)];

    [Theory]
    [MemberData(nameof(Objects))]
    public void What_is_read_is_what_was_written_or_the_object_is_refused_with_a_reason(string name)
    {
        BpfObjectFile file = BpfObjectFile.Open(TestData.PathOf(name));
        BpfLightFile light;
        try
        {
            light = BpfLightFile.Create(file);
        }
        catch (BpfLightException refusal)
        {
            Assert.Equal(BpfDiagnosticId.NotLight, refusal.Id);
            Assert.NotNull(refusal.Finding.Cure);
            return;
        }

        BpfProgramDefinition[] programs = [.. file.Programs.Where(program => program.AutoLoad)];
        Assert.Equal(programs.Select(program => program.Name), light.Programs);
        Assert.Equal(
            programs.Select(program => $"{program} {program.Type} {program.AttachTarget} {program.LoadFlags} {program.SectionDefinition}"),
            light.Contents.File.Programs.Select(program => $"{program} {program.Type} {program.AttachTarget} {program.LoadFlags} {program.SectionDefinition}"));
        LogSites.Number(file);
        foreach (BpfMapDefinition map in file.Maps) BpfMapRules.Complete(map, 0);
        Assert.Equal(file.Maps.Select(Describe), light.Contents.File.Maps.Select(Describe));
        Assert.Equal(file.Globals.Select(global => $"{global} {global.Size} {global.IsReadOnly}"), light.Contents.File.Globals.Select(global => $"{global} {global.Size} {global.IsReadOnly}"));

        // The same again, and once more from its own bytes.
        Assert.Equal(light.ToArray(), BpfLightFile.Create(file).ToArray());
        Assert.Equal(light.ToArray(), BpfLightFile.Read(light.ToArray()).ToArray());
    }

    [Theory]
    [InlineData("hook_struct_ops.bpf.o", "struct_ops")]
    [InlineData("hook_freplace.bpf.o", "replaces a function")]
    [InlineData("maps_arena.bpf.o", "arena")]
    [InlineData("maps_pinned.bpf.o", "pinned")]
    [InlineData("bad_section.bpf.o", "says nothing about its type")]
    [InlineData("bad_target.bpf.o", "does not say what it attaches to")]
    [InlineData("be/maps_simple.bpf.o", "big-endian")]
    public void What_a_loader_program_cannot_do_is_refused_with_what_and_why(string name, string what)
    {
        var refusal = Assert.Throws<BpfLightException>(() => BpfLightFile.Create(BpfObjectFile.Open(TestData.PathOf(name))));
        Assert.Contains(what, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bound_loader_takes_no_configuration_and_no_number_of_processors()
    {
        var bound = new BpfLightOptions { IsBound = true };
        Assert.Contains("__kconfig", Assert.Throws<BpfLightException>(() => BpfLightFile.Create(Open("extern_kconfig.bpf.o"), bound)).Message, StringComparison.Ordinal);
        Assert.Contains("max_entries", Assert.Throws<BpfLightException>(() => BpfLightFile.Create(Open("maps_inner.bpf.o"), bound)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bound_loader_holds_the_hash_of_its_data()
    {
        BpfLightFile light = BpfLightFile.Create(Open("data_globals.bpf.o"), new BpfLightOptions { IsBound = true });
        byte[] hash = SHA256.HashData(light.Contents.Data.Span);
        BpfInstruction[] code = [.. light.Instructions.ToArray().Chunk(BpfInstruction.Size).Select(bytes => BpfInstruction.Read(bytes, !BitConverter.IsLittleEndian))];
        byte[] held = [.. code.Index().Where(item => item.Item is { IsLoadImmediate64: true, Source: 0 }).Take(4).SelectMany(item => BitConverter.GetBytes(item.Item.Immediate).Concat(BitConverter.GetBytes(code[item.Index + 1].Immediate)))];
        Assert.Equal(hash, held);
        Assert.True(BpfLightFile.Read(light.ToArray()).IsBound);
    }

    [Fact]
    public void Far_more_programs_than_a_jump_reaches_are_loaded()
    {
        // Each program that is added takes some forty instructions of the loader: its end is further away than a jump can go.
        BpfObjectFile file = Open("maps_simple.bpf.o");
        for (int i = 0; i < 1200; i++) file.AddCopy(file.Programs[0], $"copy_{i}");
        BpfLightFile light = BpfLightFile.Create(file);
        Assert.True(light.Instructions.Length / BpfInstruction.Size > short.MaxValue);
        Assert.Equal(file.Programs.Count, light.Programs.Count);
    }

    [Fact]
    public void A_signature_that_would_not_vouch_for_the_data_is_refused()
    {
        byte[] image = BpfLightFile.Create(Open("data_globals.bpf.o")).ToArray();
        Assert.Contains("not bound", Assert.Throws<ArgumentException>(() => BpfLightFile.Read(image, [1])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Changes_of_one_description_are_its_own()
    {
        byte[] image = BpfLightFile.Create(Open("data_globals.bpf.o")).ToArray();
        BpfLightFile first = BpfLightFile.Read(image), second = BpfLightFile.Read(image);
        first.Maps[".rodata"].InitialValue.Span.Clear();
        Assert.True(second.Maps[".rodata"].InitialValue.Span.ContainsAnyExcept((byte)0));
        Assert.Equal(image, first.ToArray());
    }

    [Fact]
    public void What_is_cut_off_is_refused()
    {
        byte[] image = BpfLightFile.Create(Open("maps_simple.bpf.o")).ToArray();
        for (int length = 0; length < image.Length; length += length < 2000 ? 1 : 997)
            Assert.Throws<BpfFormatException>(() => BpfLightFile.Read(image.AsSpan(0, length)));
    }

    [Fact]
    public void What_is_damaged_is_read_or_refused_and_nothing_else()
    {
        byte[] image = BpfLightFile.Create(Open("maps_prog_array.bpf.o")).ToArray();
        foreach ((string _, ReadOnlyMemory<byte> damaged) in Damage.Flips(image, 3000, seed: 1))
        {
            try
            {
                _ = BpfLightFile.Read(damaged.Span).ToString();
            }
            catch (BpfFormatException)
            {
                // As it should be.
            }
        }
    }

    private static BpfObjectFile Open(string name) => BpfObjectFile.Open(TestData.PathOf(name));

    private static string Describe(BpfMapDefinition map) =>
        $"{map} {map.KernelName} {map.SectionName} {map.Kind} {map.KeySize} {map.ValueSize} {map.MaxEntries} {map.Flags} {map.MapExtra} {map.NumaNode} {map.AutoCreate} {Convert.ToHexString(map.InitialValue.Span)} "
        + string.Join(',', map.InitialSlots.Select(slot => $"{slot.Index}={slot.Map?.Name}{slot.Program?.Name}"));
}
