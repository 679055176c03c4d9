using System;
using System.IO;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Maps;
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
