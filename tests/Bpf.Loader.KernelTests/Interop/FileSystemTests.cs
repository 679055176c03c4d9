using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Bpf.Loader.KernelTests.Support;
using Xunit;

namespace Bpf.Loader.KernelTests.Interop;

/// <summary>File systems of type bpf that agents mount for themselves.</summary>
public sealed class FileSystemTests : KernelTest
{
    [Fact]
    public void Is_mounted_once_and_takes_pins_then()
    {
        using var place = new Place();

        Assert.False(BpfFileSystem.IsMounted(place.Path));
        Assert.True(BpfFileSystem.Mount(place.Path));
        Assert.True(BpfFileSystem.IsMounted(place.Path));
        Assert.False(BpfFileSystem.Mount(place.Path));

        using BpfMap map = BpfMap.Create(new() { Type = BpfMapType.Array, KeySize = 4, ValueSize = 8, MaxEntries = 1 });
        map.Pin(place.Path + "/agent/counts");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(place.Path) & ~UnixFileMode.StickyBit);
        Assert.Contains(File.ReadLines("/proc/self/mountinfo"), line => line.Contains(place.Path, StringComparison.Ordinal) && line.Contains("nosuid,nodev,noexec", StringComparison.Ordinal));
    }

    [Fact]
    public void Agents_that_start_together_share_one()
    {
        using var place = new Place();
        int mounted = 0;

        Parallel.For(0, 16, _ =>
        {
            if (BpfFileSystem.Mount(place.Path)) Interlocked.Increment(ref mounted);
        });

        Assert.Equal(1, mounted);
        Assert.Single(File.ReadLines("/proc/self/mountinfo"), line => line.Contains(place.Path, StringComparison.Ordinal));
    }

    [Fact]
    public void Says_what_is_wrong_with_a_place()
    {
        using var place = new Place();
        BpfException missing = Assert.Throws<BpfException>(() => BpfFileSystem.Mount(place.Path + "/none"));
        Assert.Equal(Errno.ENOENT, missing.Errno);
        Assert.Contains("Make the folder first", missing.Message, StringComparison.Ordinal);

        string file = place.Path + "/file";
        File.WriteAllText(file, "");
        Assert.Contains("It is a file", Assert.Throws<BpfException>(() => BpfFileSystem.Mount(file)).Message, StringComparison.Ordinal);
        File.Delete(file);
    }

    /// <summary>A folder of the test's own, which nothing is mounted at once the test has ended.</summary>
    private sealed class Place : IDisposable
    {
        public string Path { get; } = Leftover(Directory.CreateTempSubdirectory("bpf-mount-").FullName);

        public void Dispose()
        {
            while (BpfFileSystem.IsMounted(Path))
                Shell.Run("umount " + Path);
            Directory.Delete(Path);
        }

        private static string Leftover(string path)
        {
            Leftovers.Expect(path);
            return path;
        }
    }
}
