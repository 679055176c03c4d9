using System;
using System.IO;
using System.Linq;
using Bpf.Loader.Instructions;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Maps;
using Xunit;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.KernelTests.Maps;

public sealed class MapUsersTests : KernelTest
{
    [Fact]
    public void Programs_processes_and_pins_are_found()
    {
        using var files = new TestFileSystem();
        using BpfMap map = Array();
        Directory.CreateDirectory(files["agent"]);
        map.Pin(files["agent/counts"]);
        BpfMapUsers users = map.FindUsers();
        Assert.Equal([files["agent/counts"]], users.Pins);
        Assert.Equal([Environment.ProcessId], users.ProcessIds);
        Assert.Empty(users.ProgramIds);
        Assert.True(users.IsAbandoned);
        Assert.Equal("No program and no other process uses it.", users.ToString());

        using (TestProgram program = TestProgram.Load(new BpfAssembler().LoadMap(R1, map).Return(0)))
        {
            users = map.FindUsers();
            Assert.Equal([program.Id], users.ProgramIds);
            Assert.False(users.IsAbandoned);
            Assert.Equal($"It is used by the programs {program.Id}.", users.ToString());
        }

        Assert.True(BpfMapUsers.FindAll()[map.Id].IsAbandoned);
        map.Unpin();
        Assert.False(map.FindUsers().IsAbandoned);
    }

    [Fact]
    public void Everything_that_is_pinned_is_found()
    {
        using var files = new TestFileSystem();
        using BpfMap map = Array();
        using TestProgram loaded = TestProgram.Load(new BpfAssembler().Return(0));
        using BpfProgram program = BpfProgram.OpenById(loaded.Id);
        map.Pin(files["map"]);
        Directory.CreateDirectory(files["below"]);
        program.Pin(files["below/program"]);
        BpfPinnedObject[] found = [.. BpfPinnedObject.Find(files.Path).OrderBy(one => one.Path.Length)];
        Assert.Equal(
            [new BpfPinnedObject(files["map"], BpfPinnedKind.Map, map.Id), new BpfPinnedObject(files["below/program"], BpfPinnedKind.Program, program.Id)],
            found);
        Assert.Superset(found.ToHashSet(), BpfPinnedObject.Find().ToHashSet());
        Assert.Throws<DirectoryNotFoundException>(() => BpfPinnedObject.Find(files["nothing"]));
        File.Delete(files["map"]);
        File.Delete(files["below/program"]);
        Directory.Delete(files["below"]);
    }

    [Fact]
    public void The_file_of_a_map_tells_more()
    {
        using BpfMap map = Array();
        BpfMapFileInfo info = map.GetFileInfo();
        Assert.InRange(info.MemoryBytes, 8ul, 65536ul);
        Assert.False(info.IsFrozen);
        Assert.Null(info.OwnerType);
        Assert.Null(info.OwnerIsJited);
        map.Freeze();
        Assert.True(map.GetFileInfo().IsFrozen);

        using BpfMap programs = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.ProgArray, KeySize = 4, ValueSize = 4, MaxEntries = 1 });
        Assert.Null(programs.GetFileInfo().OwnerType);
        using TestProgram program = TestProgram.Load(new BpfAssembler().Return(0));
        using BpfProgram opened = BpfProgram.OpenById(program.Id);
        programs.AsProgramArray().Set(0, opened);
        Assert.Equal(BpfProgramType.SocketFilter, programs.GetFileInfo().OwnerType);
        Assert.Equal(opened.GetInfo().JitedLength > 0, programs.GetFileInfo().OwnerIsJited);
        map.Dispose();
        Assert.Throws<ObjectDisposedException>(() => map.GetFileInfo());
    }

    private static BpfMap Array() => BpfMap.Create(
        new BpfMapCreateOptions { Type = BpfMapType.Array, Name = "counts", KeySize = 4, ValueSize = 8, MaxEntries = 1 });
}
