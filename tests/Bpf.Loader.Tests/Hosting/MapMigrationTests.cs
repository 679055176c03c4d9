using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Hosting;
using Xunit;

namespace Bpf.Loader.Tests.Hosting;

[SupportedOSPlatform("linux")]
public class MapMigrationTests
{
    [Fact]
    public void A_value_is_converted_where_it_stands()
    {
        MapMigration migration = MapMigration.Of<uint, Pair>("hash", old => new Pair(old, old * 2ul));
        Assert.Equal((4, 16), (migration.OldSize, migration.NewSize));
        byte[] value = new byte[16];
        migration.Convert(BitConverter.GetBytes(21u), value);
        Assert.Equal(new Pair(21, 42), MemoryMarshal.Read<Pair>(value));
    }

    [Fact]
    public void What_cannot_be_migrated_is_refused_before_the_load()
    {
        var file = BpfObjectFile.Open(TestData.PathOf("maps_simple.bpf.o"));
        Assert.Contains("is not pinned", Refused("hash", 24), StringComparison.Ordinal);
        foreach (string map in new[] { "hash", "queue" }) file.Maps[map].PinPath = $"/nowhere/{map}";
        Assert.Contains($"have {file.Maps["hash"].ValueSize} bytes, and those that it was to be migrated to have 5", Refused("hash", 5), StringComparison.Ordinal);
        Assert.Contains("is of type Queue", Refused("queue", (int)file.Maps["queue"].ValueSize), StringComparison.Ordinal);
        Assert.Null(new MapMigration("hash", 8, (int)file.Maps["hash"].ValueSize, static (_, _) => { }).Prepare(file));
        Assert.Equal("/nowhere/hash", file.Maps["hash"].PinPath);

        string Refused(string map, int size) =>
            Assert.Throws<InvalidOperationException>(() => new MapMigration(map, 8, size, static (_, _) => { }).Prepare(file)).Message;
    }

    [Theory]
    [InlineData("count", "/pins/count")]
    [InlineData("count.lo", "/pins/count_lo")]
    [InlineData("..", "/pins/__")]
    public void A_link_is_pinned_by_its_name(string name, string path) => Assert.Equal(path, new LinkPins("/pins/").PathOf(name));

    [Theory]
    [InlineData("")]
    [InlineData("/etc/passwd")]
    [InlineData("a/b")]
    public void A_name_leads_nowhere_else(string name) => Assert.Throws<InvalidOperationException>(() => new LinkPins("/pins").PathOf(name));

    private readonly record struct Pair(ulong First, ulong Second);
}
