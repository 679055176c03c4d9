using System;
using System.IO;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Maps;
using Xunit;

namespace Bpf.Loader.KernelTests.Maps;

/// <summary>An agent is replaced by its next version, and its map stays.</summary>
public sealed class PinningStoryTests : KernelTest
{
    private const string Counts = "bpf_loader_pinned";

    [Fact]
    public void Versions_hand_the_data_on()
    {
        Requires.SyscallPrograms();
        using var files = new TestFileSystem();
        string pin = files[Counts];

        // Version 1 counts, and ends.
        using (BpfObject first = Open(files).Load())
        {
            Assert.Equal(pin, first.Maps[Counts].PinPath);
            for (uint i = 0; i < 3; i++)
                Assert.Equal(i, first.Programs["increment"].TestRun(new BpfTestRunOptions()).ReturnValue);
        }

        Assert.True(File.Exists(pin));
        using (BpfMap left = BpfMap.OpenPinned(pin))
            Assert.True(left.FindUsers().IsAbandoned);

        // Version 2 has the same map, and counts on; version 1 may still run meanwhile.
        uint id;
        using (BpfObject second = Open(files).Load())
        using (BpfObject beside = Open(files).Load())
        {
            id = second.Maps[Counts].Id;
            Assert.Equal(id, beside.Maps[Counts].Id);
            Assert.Equal(3u, second.Programs["increment"].TestRun(new BpfTestRunOptions()).ReturnValue);
            Assert.Equal(4u, beside.Programs["increment"].TestRun(new BpfTestRunOptions()).ReturnValue);
            Assert.NotEqual(second.Maps["not_pinned"].Id, beside.Maps["not_pinned"].Id);
        }

        // Version 3 wants larger values, and is told so; nothing of it stays, and nothing is lost.
        BpfObjectFile third = Open(files);
        third.Maps[Counts].ValueSize = 16;
        BpfException refused = Assert.Throws<BpfException>(() => third.Load());
        Assert.Contains("value size (wanted 16, found 8)", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("key size", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("max_entries", refused.Message, StringComparison.Ordinal);
        Assert.Contains(pin, refused.Message, StringComparison.Ordinal);
        Assert.Contains("No program and no other process uses it.", refused.Message, StringComparison.Ordinal);
        using (BpfMap kept = BpfMap.OpenPinned(pin))
        {
            Assert.Equal(id, kept.Id);
            Assert.Equal(5ul, kept.As<uint, ulong>()[0]);
        }

        // While another version runs, it is told who that is.
        using (BpfObject running = Open(files).Load())
        {
            third = Open(files);
            third.Maps[Counts].MaxEntries = 2;
            refused = Assert.Throws<BpfException>(() => third.Load());
            Assert.Contains("max_entries (wanted 2, found 1)", refused.Message, StringComparison.Ordinal);
            Assert.Contains($"the programs {running.Programs["increment"].Id}", refused.Message, StringComparison.Ordinal);
        }

        File.Delete(pin);
    }

    [Theory]
    [InlineData(BpfMapAccess.ReadOnly)]
    [InlineData(BpfMapAccess.WriteOnly)]
    public void A_descriptor_can_do_less_than_the_map(BpfMapAccess access)
    {
        using var files = new TestFileSystem();
        using BpfMap map = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.Hash, Name = "less", KeySize = 4, ValueSize = 8, MaxEntries = 2 });
        map.Pin(files["less"]);
        map.As<int, long>()[1] = 1;
        using BpfMap pinned = BpfMap.OpenPinned(files["less"], access);
        using BpfMap byId = BpfMap.OpenById(map.Id, access);
        foreach (BpfMap less in (BpfMap[])[pinned, byId])
        {
            BpfMap<int, long> view = less.As<int, long>();
            if (access == BpfMapAccess.ReadOnly)
            {
                Assert.Equal(1, view[1]);
                Assert.Contains("opened read-only", Assert.Throws<BpfException>(() => view.Set(1, 2)).Message, StringComparison.Ordinal);
                Assert.Equal(Errno.EPERM, Assert.Throws<BpfException>(() => view.Remove(1)).Errno);
            }
            else
            {
                view.Set(1, 1);
                Assert.Contains("opened write-only", Assert.Throws<BpfException>(() => view.TryGet(1, out _)).Message, StringComparison.Ordinal);
            }
        }

        map.Unpin();
    }

    [Fact]
    public void A_root_that_is_no_bpf_file_system_is_refused_with_the_mount_command()
    {
        string directory = Directory.CreateTempSubdirectory("not-bpffs-").FullName;
        BpfObjectFile file = BpfObjectFile.Open(TestObjects.PathOf("maps_pinned.bpf.o"), new BpfOpenOptions { PinRootPath = directory });
        BpfException refused = Assert.Throws<BpfException>(() => file.Load());
        Assert.Contains("mount -t bpf bpf", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(directory));
        Directory.Delete(directory);
    }

    private static BpfObjectFile Open(TestFileSystem files)
    {
        BpfObjectFile file = BpfObjectFile.Open(TestObjects.PathOf("maps_pinned.bpf.o"), new BpfOpenOptions { PinRootPath = files.Path });
        Requires.LeaveOutMissing(file);
        return file;
    }
}
