using System;
using System.IO;
using System.Linq;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Xunit;

namespace Bpf.Loader.KernelTests.Loading;

/// <summary>Objects whose maps are there before their programs.</summary>
public sealed class PreparedObjectTests : KernelTest
{
    [Fact]
    public void Maps_are_there_and_written_before_any_program_is()
    {
        Requires.SyscallPrograms();
        BpfObjectFile file = TestObjects.Open("data_globals");
        using BpfObject usual = file.Load();
        usual.Programs["sum"].TestRun();

        using BpfPreparedObject prepared = file.Prepare();
        Assert.Equal(usual.Maps.Select(map => map.Name), prepared.Maps.Select(map => map.Name));
        uint id = prepared.Maps[".data"].Id;
        Assert.DoesNotContain(BpfProgram.EnumerateIds(), program => MapsOf(program).Contains(id));
        byte[] value = new byte[prepared.Maps[".data"].ValueSize];
        Assert.True(prepared.Maps[".data"].TryGet(new byte[4], value));
        value[(int)file.Globals["data_s8"].Offset] = 41; // of -1
        prepared.Maps[".data"].Set(new byte[4], value);

        using BpfObject loaded = prepared.Load();
        Assert.Equal(id, loaded.Maps[".data"].Id);
        Assert.Equal(usual.Programs["sum"].Tag, loaded.Programs["sum"].Tag);
        loaded.Programs["sum"].TestRun();
        Assert.Equal(usual.Globals["bss_sum"].Get<ulong>() + 42, loaded.Globals["bss_sum"].Get<ulong>());
        Assert.Throws<InvalidOperationException>(prepared.Load);
    }

    [Fact]
    public void What_is_not_gone_on_with_is_taken_back()
    {
        using var files = new TestFileSystem();
        BpfObjectFile file = TestObjects.Open("maps_simple");
        file.Maps[0].PinPath = files["prepared"];
        uint id;
        BpfPreparedObject prepared = file.Prepare();
        using (prepared)
        {
            id = prepared.Maps[0].Id;
            Assert.Contains(BpfMap.EnumerateIds(), map => map == id);
            Assert.True(File.Exists(files["prepared"]));
        }

        Assert.Throws<ObjectDisposedException>(prepared.Load);
        Assert.False(File.Exists(files["prepared"]));
        Assert.DoesNotContain(BpfMap.EnumerateIds(), map => map == id);
    }

    [Fact]
    public void A_refused_program_takes_the_maps_back()
    {
        using var files = new TestFileSystem();
        BpfObjectFile bad = TestObjects.Open("bad_null");
        Assert.NotEmpty(bad.Maps);
        bad.Maps[0].PinPath = files["prepared"];
        using BpfPreparedObject prepared = bad.Prepare();
        Assert.True(File.Exists(files["prepared"]));
        Assert.Throws<BpfVerifierException>(prepared.Load);
        Assert.False(File.Exists(files["prepared"]));
        Assert.Throws<ObjectDisposedException>(prepared.Load);
    }

    private static uint[] MapsOf(uint program)
    {
        try
        {
            using BpfProgram opened = BpfProgram.OpenById(program);
            return [.. opened.GetInfo().MapIds];
        }
        catch (BpfException gone) when (gone.Errno == Errno.ENOENT)
        {
            return [];
        }
    }
}
