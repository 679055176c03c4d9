using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.KernelTests.Faults;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Maps;
using Xunit;

namespace Bpf.Loader.KernelTests.Maps;

/// <summary>A map that was there before the load keeps what is in it.</summary>
public sealed class LivingMapTests : KernelTest
{
    [Theory]
    [InlineData("with_values", 1u, true)]
    [InlineData("with_values", 5u, false)]
    [InlineData("hash_with_values", 0u, true)]
    [InlineData("hash_with_values", 2u, false)]
    public void A_map_of_maps_keeps_its_inner_maps(string name, uint key, bool isPinned)
    {
        using var files = new TestFileSystem();
        using BpfObject first = Load(null);
        uint inner = Inner(first.Maps[name]);
        Assert.NotEqual(0u, inner);
        using (BpfObject second = Load(first))
        {
            Assert.Equal(first.Maps[name].Id, second.Maps[name].Id);
            Assert.Equal(inner, Inner(second.Maps[name]));
            BpfFinding told = Assert.Single(second.Diagnostics, finding => finding.Id == BpfDiagnosticId.ContentsKept);
            Assert.Equal(BpfSeverity.Info, told.Severity);
            Assert.Contains($"'{name}'", told.Message, StringComparison.Ordinal);

            // An empty place stays empty as well.
            first.Maps[name].AsMapOfMaps<uint>().Remove(key);
            using BpfObject third = Load(first);
            Assert.Equal(0u, Inner(third.Maps[name]));
        }

        if (isPinned) File.Delete(files["outer"]);

        BpfObject Load(BpfObject? before)
        {
            BpfObjectFile file = TestObjects.Open("maps_inner");
            if (isPinned) file.Maps[name].PinPath = files["outer"];
            bool isGiven = !isPinned && before is not null;
            return file.Load(isGiven ? new BpfLoadOptions { ReuseMaps = new Dictionary<string, BpfMap> { [name] = before!.Maps[name] } } : new BpfLoadOptions());
        }

        uint Inner(BpfMap outer)
        {
            byte[] value = new byte[4];
            return outer.TryGet(BitConverter.GetBytes(key), value) ? BitConverter.ToUInt32(value) : 0;
        }
    }

    [Fact]
    public void Others_see_a_pinned_map_of_maps_with_all_that_is_in_it()
    {
        using var files = new TestFileSystem();
        BpfObjectFile file = TestObjects.Open("maps_inner");
        file.Maps["with_values"].PinPath = files["outer"];
        file.Maps["first"].PinPath = files["inner"];
        using BpfObject bpf = file.Load();
        using (BpfMap outer = BpfMap.OpenPinned(files["outer"])) Assert.NotNull(outer);
        Assert.Equal(bpf.Maps["first"].Id, BitConverter.ToUInt32(Value(bpf.Maps["with_values"], 1)));
        File.Delete(files["outer"]);
        File.Delete(files["inner"]);

        static byte[] Value(BpfMap map, uint key)
        {
            byte[] value = new byte[map.ValueBufferSize];
            Assert.True(map.TryGet(BitConverter.GetBytes(key), value));
            return value;
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_arena_keeps_its_variables_and_is_mapped_when_it_is_asked_for(bool hasAddress)
    {
        MappedArenaTests.NeedArenas();
        using var files = new TestFileSystem();
        using (BpfObject first = Open().Load())
        {
            Run(first);
            Run(first);
            Assert.Equal(5ul + 3 + 3, first.GetArena("arena").Globals<ulong>());
            int mappings = ArenaMappings();
            using BpfObject second = Open().Load();
            Assert.Equal(mappings, ArenaMappings());
            Assert.Contains(second.Diagnostics, finding => finding.Id == BpfDiagnosticId.ContentsKept);
            Run(second);
            Assert.Equal(5ul + 3 + 3 + 3, second.GetArena("arena").Globals<ulong>());
            Assert.Equal(5ul + 3 + 3 + 3, first.GetArena("arena").Globals<ulong>());
        }

        // Nobody has it mapped now, and it runs on.
        int before = ArenaMappings();
        using (BpfObject third = Open().Load())
        {
            Assert.Equal(before, ArenaMappings());
            Run(third);
            Assert.Equal(5ul + 3 + 3 + 3 + 3, third.GetArena("arena").Globals<ulong>());
        }

        File.Delete(files["arena"]);

        BpfObjectFile Open()
        {
            BpfObjectFile file = TestObjects.Open("maps_arena");
            file.Maps["arena"].PinPath = files["arena"];
            if (!hasAddress) file.Maps["arena"].MapExtra = 0;
            return file;
        }

        static void Run(BpfObject bpf) => Assert.Equal(0u, bpf.Programs["touch"].TestRun(new BpfTestRunOptions()).ReturnValue);
        static int ArenaMappings() => File.ReadLines("/proc/self/maps").Count(line => line.Contains("bpf-map", StringComparison.Ordinal));
    }

    [Fact]
    public void Variables_keep_their_values_and_constants_that_differ_are_told()
    {
        using var files = new TestFileSystem();
        using BpfObject first = Open().Load();
        string name = Data(Open()), constant = Constants(Open());
        BpfMap data = first.Maps[name];
        byte[] changed = [.. Enumerable.Repeat((byte)0x5a, data.ValueSize)];
        data.Set(new byte[4], changed);
        using (BpfObject same = Open().Load())
        {
            byte[] found = new byte[data.ValueSize];
            Assert.True(same.Maps[name].TryGet(new byte[4], found));
            Assert.Equal(changed, found);
            Assert.DoesNotContain(same.Diagnostics, finding => finding.Id == BpfDiagnosticId.OtherConstants);
        }

        BpfObjectFile file = Open();
        Objects.BpfGlobal global = file.Globals.First(global => global.Map.Name == constant && !global.IsStatic);
        global.Bytes[0] ^= 0xff;
        using (BpfObject other = file.Load())
        {
            BpfFinding told = Assert.Single(other.Diagnostics, finding => finding.Id == BpfDiagnosticId.OtherConstants);
            Assert.Equal(BpfSeverity.Warning, told.Severity);
            Assert.Contains($"'{global.Name}'", told.Message, StringComparison.Ordinal);
        }

        // One that is given, holds the same and is not frozen: the verifier does not rely on it.
        Objects.BpfMapDefinition like = file.Maps[constant];
        using BpfMap open = BpfMap.Create(new BpfMapCreateOptions { Type = like.Type, KeySize = 4, ValueSize = (int)like.ValueSize, MaxEntries = 1, Flags = like.Flags, Name = "open" });
        open.Set(new byte[4], Open().Maps[constant].InitialValue.Span);
        using (BpfObject given = TestObjects.Open("data_globals").Load(new BpfLoadOptions { ReuseMaps = new Dictionary<string, BpfMap> { [constant] = open } }))
            Assert.Contains("not frozen", Assert.Single(given.Diagnostics, finding => finding.Id == BpfDiagnosticId.OtherConstants).Message, StringComparison.Ordinal);
        File.Delete(files["data"]);
        File.Delete(files["constants"]);

        BpfObjectFile Open()
        {
            BpfObjectFile opened = TestObjects.Open("data_globals");
            opened.Maps[Data(opened)].PinPath = files["data"];
            opened.Maps[Constants(opened)].PinPath = files["constants"];
            return opened;
        }

        static string Data(BpfObjectFile opened) => opened.Maps.First(map => map.SectionName == ".data").Name;
        static string Constants(BpfObjectFile opened) => opened.Maps.First(map => map.SectionName == ".rodata").Name;
    }

    [Fact]
    public void A_program_array_is_filled_as_with_libbpf()
    {
        using var files = new TestFileSystem();
        using BpfObject first = Open().Load(), second = Open().Load();
        Assert.Equal(first.Maps["table"].Id, second.Maps["table"].Id);
        Objects.BpfMapSlot slot = Open().Maps["table"].InitialSlots.First(slot => slot.Program is not null);
        byte[] value = new byte[4];
        Assert.True(second.Maps["table"].TryGet(BitConverter.GetBytes(slot.Index), value));
        Assert.Equal(second.Programs[slot.Program!.Name].Id, BitConverter.ToUInt32(value));
        File.Delete(files["table"]);

        BpfObjectFile Open()
        {
            BpfObjectFile file = TestObjects.Open("maps_prog_array");
            file.Maps["table"].PinPath = files["table"];
            return file;
        }
    }

    [Fact]
    public void Types_that_lie_otherwise_in_memory_are_told()
    {
        var builder = new BtfBuilder();
        BtfTypeId number = builder.AddInt("unsigned int", 4, 0), halves = builder.AddStruct("halves", 8);
        builder.AddMember("low", number, 0);
        builder.AddMember("high", number, 32);
        using BpfMap halved = BpfMap.Create(new BpfMapCreateOptions
        {
            Type = BpfMapType.Array,
            Name = "halved",
            KeySize = 4,
            ValueSize = 8,
            MaxEntries = 1,
            Btf = builder.ToReader(),
            KeyType = number,
            ValueType = halves,
        });
        using BpfMap plain = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.Array, Name = "plain", KeySize = 4, ValueSize = 8, MaxEntries = 1 });
        using (BpfObject other = Load(halved))
        {
            BpfFinding told = Assert.Single(other.Diagnostics, finding => finding.Id == BpfDiagnosticId.OtherTypes);
            Assert.Contains("struct halves", told.Message, StringComparison.Ordinal);
            using BpfObject again = Load(other.Maps["not_pinned"]);
            Assert.Equal(halved.Id, again.Maps["not_pinned"].Id);
        }

        using (BpfObject untyped = Load(plain)) Assert.Empty(untyped.Diagnostics);
        using BpfObject own = Load(null);
        using BpfObject same = Load(own.Maps["not_pinned"]);
        Assert.Empty(same.Diagnostics);

        static BpfObject Load(BpfMap? given)
        {
            BpfObjectFile file = TestObjects.Open("maps_pinned");
            file.Maps["bpf_loader_pinned"].PinPath = null;
            return file.Load(given is null ? new BpfLoadOptions() : new BpfLoadOptions { ReuseMaps = new Dictionary<string, BpfMap> { ["not_pinned"] = given } });
        }
    }

    [Fact]
    public void A_program_array_that_lives_is_as_it_was_when_the_load_fails()
    {
        using BpfObject before = TestObjects.Open("maps_prog_array").Load();
        BpfMap table = before.Maps["table"];
        uint[] programs = Ids(table);
        Assert.NotEqual(0u, programs[0]);
        Assert.Equal(Errno.None, Delete(table, 3)); // one that is empty, and one that is not
        programs = Ids(table);

        // The first entry is taken, the second is refused.
        using (var thread = new FaultThread(command: BpfCommand.MapUpdateElement))
        {
            BpfObjectFile file = TestObjects.Open("maps_prog_array");
            var options = new BpfLoadOptions { ReuseMaps = new Dictionary<string, BpfMap> { ["table"] = table } };
            (string? failed, Exception? thrown, _) = thread.Do(2, Errno.ENOMEM, () => file.Load(options).Dispose());
            Assert.NotNull(failed);
            Assert.Equal(Errno.ENOMEM, Assert.IsType<BpfException>(thrown).Errno);
        }

        Assert.Equal(programs, Ids(table));
    }

    private static Errno Delete(BpfMap map, uint index) =>
        Bpf.Loader.Interop.BpfSyscall.MapDelete(map.Handle, in System.Runtime.InteropServices.MemoryMarshal.AsBytes(new Span<uint>(ref index))[0]);

    private static uint[] Ids(BpfMap array)
    {
        uint[] ids = new uint[array.MaxEntries];
        Span<byte> value = stackalloc byte[4];
        for (int i = 0; i < ids.Length; i++)
            if (array.TryGet(BitConverter.GetBytes(i), value)) ids[i] = BitConverter.ToUInt32(value);
        return ids;
    }
}
