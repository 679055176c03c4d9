using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Bpf.Loader.Instructions;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Maps;
using Xunit;

namespace Bpf.Loader.KernelTests.Maps;

/// <summary>Pins below a folder that is held open.</summary>
public sealed class PinFolderTests : KernelTest
{
    [Fact]
    public void Pins_are_made_and_found_below_a_folder_that_something_else_is_mounted_above()
    {
        using var files = new TestFileSystem();
        using BpfPinFolder folder = BpfPinFolder.Open(files.Path);
        using BpfMap map = Map();
        RequireFolders(folder, map);
        Run("mount", "-t", "bpf", "bpf", files.Path);
        try
        {
            using BpfProgram program = BpfProgram.Load(new BpfProgramLoadOptions { Type = BpfProgramType.SocketFilter, Name = "below", Instructions = new BpfAssembler().Return(0).ToArray() });
            folder.Pin(map, "map");
            folder.Pin(program, "program");
            Assert.Null(map.PinPath);
            Assert.Empty(Entries(files));
            Assert.Equal(Errno.ENOENT, Assert.Throws<BpfException>(() => BpfMap.OpenPinned(files["map"])).Errno);
            using (BpfMap found = folder.OpenMap("map")) Assert.Equal(map.Id, found.Id);
            using (BpfProgram found = folder.OpenProgram("program")) Assert.Equal(program.Id, found.Id);
            Assert.Equal(BpfDiagnosticId.PinnedOtherKind, Assert.Throws<BpfException>(() => folder.OpenMap("program")).Id);
            Assert.Equal(BpfDiagnosticId.PinnedOtherKind, Assert.Throws<BpfException>(() => folder.OpenLink("map")).Id);
            Assert.Equal(Errno.EEXIST, Assert.Throws<BpfException>(() => folder.Pin(map, "map")).Errno);
        }
        finally
        {
            Run("umount", files.Path);
        }

        Assert.True(File.Exists(files["map"]));
        using (BpfMap read = folder.OpenMap("map", BpfMapAccess.ReadOnly)) Assert.Equal(Errno.EPERM, Assert.Throws<BpfException>(() => read.Set(new byte[4], new byte[4])).Errno);
        folder.Remove("map");
        folder.Remove("program");
        Assert.Empty(Entries(files));
        Assert.Equal(Errno.ENOENT, Assert.Throws<BpfException>(() => folder.Remove("map")).Errno);
    }

    [Fact]
    public void What_is_no_place_for_pins_is_refused()
    {
        using var files = new TestFileSystem();
        Assert.Equal(BpfDiagnosticId.PinRefused, Assert.Throws<BpfException>(() => BpfPinFolder.Open(Path.GetTempPath())).Id);
        Assert.Equal(Errno.ENOENT, Assert.Throws<BpfException>(() => BpfPinFolder.Open(files["none"])).Errno);
        using BpfPinFolder folder = BpfPinFolder.Open(files.Path);
        using BpfMap map = Map();
        Assert.Equal(BpfDiagnosticId.BadPinPath, Assert.Throws<BpfException>(() => folder.Pin(map, "../map")).Id);
        Assert.Throws<ArgumentException>(() => folder.Pin(map, "/map"));
        Assert.Throws<ArgumentException>(() => folder.OpenMap(""));
        Assert.Empty(Entries(files));
    }

    // Without the two that the kernel itself puts there.
    private static string[] Entries(TestFileSystem files) => [.. Directory.GetFileSystemEntries(files.Path).Where(path => !path.EndsWith(".debug", StringComparison.Ordinal))];

    private static void RequireFolders(BpfPinFolder folder, BpfMap map)
    {
        if (KernelVersion.Current.CompareTo(new KernelVersion(6, 5, 0)) >= 0) return;
        Assert.Throws<BpfNotSupportedException>(() => folder.Pin(map, "map"));
        Assert.Skip("kernels before 6.5 pin below no folder");
    }

    private static BpfMap Map() => BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.Array, Name = "below", KeySize = 4, ValueSize = 4, MaxEntries = 1 });

    private static void Run(string command, params string[] arguments)
    {
        using Process process = Process.Start(command, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
