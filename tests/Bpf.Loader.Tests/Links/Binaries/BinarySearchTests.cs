using System;
using System.Buffers.Binary;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Bpf.Loader.Links.Binaries;
using Xunit;

namespace Bpf.Loader.Tests.Links.Binaries;

[SupportedOSPlatform("linux")]
public sealed class BinarySearchTests
{
    [Theory]
    [InlineData("libc.so.6", true)]
    [InlineData("libx.so", true)]
    [InlineData("bash", false)]
    [InlineData("libx.socket", false)]
    public void Knows_libraries_by_their_names(string name, bool expected) => Assert.Equal(expected, BinarySearch.IsLibrary(name));

    [Theory]
    [InlineData("/proc/1234/root/usr/bin/x", "/proc/1234/root", "/usr/bin/x")]
    [InlineData("/proc/self/root/x", "/proc/self/root", "/x")]
    [InlineData("/proc/1/task/7/root/a/root/b", "/proc/1/task/7/root", "/a/root/b")]
    [InlineData("/proc/1/cwd/root/x", null, null)]
    [InlineData("/usr/root/x", null, null)]
    [InlineData("/proc/1/root", null, null)]
    public void A_path_through_the_root_of_a_process_is_one_of_that_root(string path, string? root, string? rest)
    {
        Assert.Equal(root is not null, FileView.TrySplitRoot(path, out string foundRoot, out string foundRest));
        Assert.Equal((root ?? "", rest ?? ""), (foundRoot, foundRest));
    }

    [Fact]
    public void Libraries_and_programs_are_found_by_name()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "looks where Linux keeps them");
        using (BinaryFile shell = BinarySearch.OpenFile("sh", null)) Assert.True(File.Exists(shell.Path));
        string name = MappedLibrary();
        using BinaryFile library = BinarySearch.OpenFile(name, null), mapped = BinarySearch.OpenFile(name, Environment.ProcessId);
        Assert.Equal(name, Path.GetFileName(library.Path));
        Assert.Equal((library.Identity, name), (mapped.Identity, Path.GetFileName(mapped.Path)));
        Assert.True(mapped.IsInPlace);
    }

    [Fact]
    public void What_is_nowhere_is_named_with_the_places()
    {
        var error = Assert.Throws<BpfAttachException>(() => BinarySearch.OpenFile("libnowhere.so.1", null));
        Assert.Equal((BpfDiagnosticId.NoSuchBinary, Errno.ENOENT), (error.Id, error.Errno));
        Assert.Contains("/usr/lib", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_cache_gives_the_entry_of_this_machine_and_of_any_processor()
    {
        byte[] cache = Cache(
            (0x0003, 0, "libx.so.1", "/lib32/libx.so.1"),
            (0x0303, 1UL << 62, "libx.so.1", "/lib/glibc-hwcaps/x86-64-v3/libx.so.1"),
            (0x0303, 0, "libx.so.1", "/lib/libx.so.1"),
            (0x0a03, 0, "libx.so.1", "/lib/aarch64/libx.so.1"));
        Assert.Equal("/lib/libx.so.1", LibraryCache.Find(cache, "libx.so.1"u8, Architecture.X64));
        Assert.Equal("/lib/aarch64/libx.so.1", LibraryCache.Find(cache, "libx.so.1"u8, Architecture.Arm64));
        Assert.Null(LibraryCache.Find(cache, "libx.so"u8, Architecture.X64));
        byte[] old = [.. "ld.so-1.7.0\0\0\0\0\0"u8, .. cache];
        Assert.Equal("/lib/libx.so.1", LibraryCache.Find(old, "libx.so.1"u8, Architecture.X64));
    }

    [Fact]
    public void A_damaged_cache_finds_nothing_and_does_no_harm()
    {
        byte[] cache = Cache((0x0303, 0, "libx.so.1", "/lib/libx.so.1"));
        for (int length = 0; length < cache.Length; length++) Assert.Null(LibraryCache.Find(cache.AsSpan(0, length), "libx.so.1"u8, Architecture.X64));
        var random = new Random(3);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] changed = (byte[])cache.Clone();
            changed[random.Next(changed.Length)] = (byte)random.Next(256);
            string? found = LibraryCache.Find(changed, "libx.so.1"u8, Architecture.X64);
            Assert.True(found is null || found.Length <= cache.Length);
        }
    }

    [Fact]
    public void The_cache_of_this_machine_agrees_with_the_loader()
    {
        Assert.SkipUnless(File.Exists("/etc/ld.so.cache"), "no glibc");
        string name = MappedLibrary();
        string? path = LibraryCache.Find(File.ReadAllBytes("/etc/ld.so.cache"), Encoding.UTF8.GetBytes(name), RuntimeInformation.ProcessArchitecture);
        Assert.NotNull(path);
        ProcessMapping mapped = ProcessMaps.Read(Environment.ProcessId).First(m => Path.GetFileName(m.Path) == name);
        Assert.Equal(File.ReadAllBytes(mapped.Path), File.ReadAllBytes(path));
    }

    [Theory]
    [InlineData("7f0000001000-7f0000003000 r-xp 00028000 08:1a 1234   /usr/lib/libc.so.6", 0x7f0000001000, 0x28000, true, 0x80000001a, "/usr/lib/libc.so.6", "libc.so.6")]
    [InlineData("00400000-00401000 r--p 00000000 00:00 7 /x/a b (deleted)", 0x400000, 0, false, 0, "/x/a b (deleted)", "a b")]
    public void Reads_mappings(string line, ulong start, ulong offset, bool executable, ulong device, string path, string name)
    {
        Assert.True(ProcessMaps.TryParse(line, out ProcessMapping mapping));
        Assert.Equal((start, offset, executable, path), (mapping.Start, mapping.Offset, mapping.IsExecutable, mapping.Path));
        Assert.Equal((device, name, path != mapping.PathThen), (mapping.Identity.Device, mapping.FileName.ToString(), mapping.IsDeleted));
        Assert.False(ProcessMaps.TryParse("7f0000001000-7f0000003000 rw-p 00000000 00:00 0 ", out _));
    }

    private static string MappedLibrary()
    {
        ProcessMapping library = ProcessMaps.Read(Environment.ProcessId).FirstOrDefault(m => Path.GetFileName(m.Path).StartsWith("libc.so.", StringComparison.Ordinal));
        Assert.SkipWhen(library.Path is null, "no glibc is mapped");
        return Path.GetFileName(library.Path!);
    }

    private static byte[] Cache(params (uint Flags, ulong Capabilities, string Name, string Path)[] entries)
    {
        var strings = new MemoryStream();
        byte[] table = new byte[48 + (entries.Length * 24)];
        "glibc-ld.so.cache1.1"u8.CopyTo(table);
        BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(20), (uint)entries.Length);
        for (int i = 0; i < entries.Length; i++)
        {
            Span<byte> entry = table.AsSpan(48 + (i * 24));
            BinaryPrimitives.WriteUInt32LittleEndian(entry, entries[i].Flags);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], (uint)(table.Length + strings.Position));
            strings.Write(Encoding.UTF8.GetBytes(entries[i].Name + '\0'));
            BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], (uint)(table.Length + strings.Position));
            strings.Write(Encoding.UTF8.GetBytes(entries[i].Path + '\0'));
            BinaryPrimitives.WriteUInt64LittleEndian(entry[16..], entries[i].Capabilities);
        }

        return [.. table, .. strings.ToArray()];
    }
}
