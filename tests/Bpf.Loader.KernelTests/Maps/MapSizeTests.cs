using System.Linq;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Maps;
using Bpf.Loader.Objects;
using Bpf.Loader.Tests.Objects;
using Xunit;

namespace Bpf.Loader.KernelTests.Maps;

/// <summary>Sizes that are 0 in a definition and follow from the type of the map.</summary>
public sealed class MapSizeTests : KernelTest
{
    public static TheoryData<BpfMapType, int, int> Types => new()
    {
        { BpfMapType.PerfEventArray, 4, 4 }, { BpfMapType.ProgArray, 4, 4 }, { BpfMapType.CgroupArray, 4, 4 },
        { BpfMapType.DevMap, 4, 4 }, { BpfMapType.DevMapHash, 4, 4 }, { BpfMapType.CpuMap, 4, 4 }, { BpfMapType.XskMap, 4, 4 },
        { BpfMapType.SockMap, 4, 4 }, { BpfMapType.ReusePortSockArray, 4, 4 }, { BpfMapType.InsnArray, 4, 16 },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public void Both_sizes_follow(BpfMapType type, int keySize, int valueSize)
    {
        Assert.SkipUnless(BpfFeatures.Supports(type), $"this kernel has no {type}");
        using BpfObject bpf = Define(type, 0, 0).Load();
        Assert.Equal((keySize, valueSize), (bpf.Maps["map"].KeySize, bpf.Maps["map"].ValueSize));
        using BpfMap created = BpfMap.Create(new BpfMapCreateOptions { Type = type, Name = "created", MaxEntries = 1 });
        Assert.Equal((keySize, valueSize), (created.KeySize, created.ValueSize));
    }

    [Theory]
    [InlineData(BpfMapType.Array)]
    [InlineData(BpfMapType.PerCpuArray)]
    [InlineData(BpfMapType.StackTrace)]
    public void The_size_of_the_key_follows_where_values_are_the_maps_own(BpfMapType type)
    {
        using BpfObject bpf = Define(type, 0, 24).Load();
        Assert.Equal((4, 24), (bpf.Maps["map"].KeySize, bpf.Maps["map"].ValueSize));
    }

    [Fact]
    public void The_size_of_the_value_follows_where_keys_are_the_maps_own()
    {
        using BpfMap inner = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.Array, Name = "inner", ValueSize = 8, MaxEntries = 1 });
        using BpfMap outer = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.HashOfMaps, Name = "outer", KeySize = 16, MaxEntries = 2, InnerMap = inner });
        Assert.Equal((16, 4), (outer.KeySize, outer.ValueSize));
        using BpfMap sockets = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.SockHash, Name = "sockets", KeySize = 16, MaxEntries = 2 });
        Assert.Equal((16, 4), (sockets.KeySize, sockets.ValueSize));
        using BpfMap storage = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.SkStorage, Name = "storage", ValueSize = 8, Flags = BpfMapFlags.NoPrealloc });
        Assert.Equal((4, 8), (storage.KeySize, storage.ValueSize));
    }

    [Fact]
    public void What_is_said_stays()
    {
        using BpfObject devices = Define(BpfMapType.DevMap, 4, 8).Load();
        Assert.Equal(8, devices.Maps["map"].ValueSize);

        // One for each possible CPU, also inside of another map.
        using BpfObject events = Define(BpfMapType.PerfEventArray, 0, 0, 0).Load();
        Assert.Equal((uint)PossibleCpus.Count, events.Maps["map"].MaxEntries);
        BpfObjectFile file = TestObjects.Open("maps_inner");
        (file.Maps["perf_arrays"].InnerMap!.KeySize, file.Maps["perf_arrays"].InnerMap!.ValueSize) = (0, 0);
        using BpfObject nested = file.Load();
        Assert.Equal(0u, file.Maps["perf_arrays"].InnerMap!.KeySize); // the description stays as it was

        // What has keys or values of its own is still refused without.
        foreach (BpfMapType type in new[] { BpfMapType.Hash, BpfMapType.Array, BpfMapType.LpmTrie })
            Assert.Equal(BpfDiagnosticId.MapRefused, Assert.ThrowsAny<BpfException>(() => Define(type, 0, 0).Load()).Id);
    }

    private static BpfObjectFile Define(BpfMapType type, uint keySize, uint valueSize, uint entries = 1)
    {
        var file = new ObjectBuilder();
        file.AddProgram("socket", "entry");
        file.AddData("license", [.. "GPL\0"u8]);
        uint[] definition = [(uint)type, keySize, valueSize, entries, 0];
        file.AddVariable("map", file.AddData("maps", [.. definition.SelectMany(System.BitConverter.GetBytes)]), 0, 20);
        return file.Read();
    }
}
