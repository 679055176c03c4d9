using System;
using System.IO;
using System.Linq;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Maps;
using Bpf.Loader.Objects;
using Xunit;

namespace Bpf.Loader.KernelTests.Maps;

/// <summary>Why a map cannot be written is looked up, and one reason is said.</summary>
public sealed class MapRefusalTests : KernelTest
{
    [Fact]
    public void A_frozen_map_is_said_to_be_frozen()
    {
        using BpfMap map = Create(BpfMapFlags.None);
        map.Freeze();
        string message = Assert.Throws<BpfException>(() => map.As<uint, uint>()[0] = 1).Message;
        Assert.Contains("The map is frozen (BPF_MAP_FREEZE)", message, StringComparison.Ordinal);
        Assert.DoesNotContain("opened read-only", message, StringComparison.Ordinal);
        Assert.Contains("It is frozen already.", Assert.Throws<BpfException>(map.Freeze).Message, StringComparison.Ordinal);
    }

    // The loopback device, as every device without a processor of its own, takes no maps.
    [Fact]
    public void A_map_for_a_device_that_holds_none_is_refused()
    {
        BpfObjectFile file = TestObjects.Open("maps_simple");
        Assert.All(file.Maps, map => Assert.Equal(0u, map.InterfaceIndex));
        BpfMapDefinition table = file.Maps.First(map => map is { IsInternal: false, Type: BpfMapType.Hash or BpfMapType.Array });
        table.InterfaceIndex = 1;
        Assert.Contains($"map '{table.Name}'", Assert.Throws<BpfException>(() => file.Load().Dispose()).Message, StringComparison.Ordinal);
        table.InterfaceIndex = 0;
        file.Load().Dispose();
    }

    [Fact]
    public void A_map_that_was_created_read_only_is_said_to_be()
    {
        using BpfMap map = Create(BpfMapFlags.ReadOnly);
        Assert.Contains("BPF_F_RDONLY", Assert.Throws<BpfException>(() => map.As<uint, uint>()[0] = 1).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_map_that_was_opened_read_only_is_said_to_be()
    {
        using var files = new TestFileSystem();
        using BpfMap map = Create(BpfMapFlags.None);
        string path = files["readonly"];
        map.Pin(path);
        try
        {
            using BpfMap opened = BpfMap.OpenPinned(path, BpfMapAccess.ReadOnly);
            string message = Assert.Throws<BpfException>(() => opened.As<uint, uint>()[0] = 1).Message;
            Assert.Contains("opened read-only (BpfMapAccess.ReadOnly)", message, StringComparison.Ordinal);
            Assert.DoesNotContain("is frozen (", message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static BpfMap Create(BpfMapFlags flags) =>
        BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.Array, Name = "refusing", KeySize = 4, ValueSize = 4, MaxEntries = 1, Flags = flags });
}
