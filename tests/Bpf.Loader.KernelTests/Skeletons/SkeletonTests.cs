using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Xunit;

namespace Bpf.Loader.KernelTests.Skeletons;

/// <summary>Generated classes at work: what they read and write is what programs write and read.</summary>
[AnyKernel]
public sealed class SkeletonTests : KernelTest
{
    [Fact]
    public async Task Events_come_typed_from_an_attached_object()
    {
        ExecSnoop.Description description = ExecSnoop.Open();
        description.Rodata.TargetPpid = (uint)Environment.ProcessId;
        description.Maps.Events.MaxEntries = 64 * 1024;
        using ExecSnoop snoop = description.Load();
        Assert.Equal((uint)Environment.ProcessId, snoop.Rodata.TargetPpid);
        using ExecSnoop.Attached attached = snoop.AttachAll();
        Assert.NotNull(attached.Links.HandleExec);
        Assert.Single(attached.All);

        using var stop = new CancellationTokenSource();
        await using IAsyncEnumerator<ExecSnoop.ExecEvent> events = snoop.Maps.Events.ReadAllAsync(stop.Token).GetAsyncEnumerator(stop.Token);
        ValueTask<bool> next = events.MoveNextAsync();
        using Process process = Process.Start("/bin/true");
        await process.WaitForExitAsync(stop.Token);
        Assert.True(await next);
        ExecSnoop.ExecEvent first = events.Current;
        Assert.Equal(((uint)process.Id, (uint)Environment.ProcessId), (first.Pid, first.Ppid));
        Assert.Equal("true", first.Comm.ToString());
        Assert.EndsWith("/true", first.Filename.ToString(), StringComparison.Ordinal);
        Assert.Equal(0UL, snoop.Bss.Dropped);
        Assert.Equal("handle_exec", snoop.Programs.HandleExec.Name);
    }

    [Fact]
    public void Variables_are_set_before_the_load_and_written_in_place_after_it()
    {
        Requires.SyscallPrograms();
        DataGlobals.Description description = DataGlobals.Open();
        Assert.Equal((byte)0xfe, description.Rodata.RoByte);
        Assert.Equal("abc", description.Rodata.RoText.ToString());
        Assert.Equal(6, description.Rodata.RoPoints[2].Y);
        Assert.Equal(DataGlobals.Level.High, description.Rodata.RoLevel);
        Assert.Equal((5, 17, "settings"), (description.Data.DataSettings.Small, description.Data.DataSettings.Rest, description.Data.DataSettings.Name.ToString()));
        description.Rodata.RoLong = 1000;
        description.Data.DataSettings.Small = 2;
        description.Data.DataSettings.Name = "abz";

        using DataGlobals loaded = description.Load();
        Assert.Equal(17, loaded.Data.DataSettings.Rest);
        loaded.Bss.BssFlag = 3;
        loaded.Data.DataMatrix[1][2] = 60;
        loaded.Programs.Sum.TestRun();

        ref readonly DataGlobals.RodataSection constants = ref loaded.Rodata;
        long sum = constants.RoByte + constants.RoLong + 1 + 'b' + 6 + 9;
        sum += -1 + 0x1234 - 100 + 0x1122334455667788 + 60 - 1;
        sum += 2 + 2 + 'z' + 6 + 7 + 3 + 1;
        Assert.Equal((ulong)sum, loaded.Bss.BssSum);
        Assert.Equal((int)sum, loaded.Bss.BssPoints[3].X);
        Assert.Equal(1UL, loaded.Bss.BssCount);
        Interlocked.Add(ref loaded.Bss.BssCount, 41);
        loaded.Programs.Sum.TestRun();
        Assert.Equal(43UL, Volatile.Read(ref loaded.Bss.BssCount));
    }

    [Fact]
    public void Bit_fields_enums_and_wide_integers_are_those_of_C()
    {
        Requires.SyscallPrograms();
        DataTypes.Description description = DataTypes.Open();
        ref DataTypes.DataSection data = ref description.Data;
        Assert.Equal(((Int128)(-1), (UInt128)1), (data.SignedWide, data.UnsignedWide));
        Assert.Equal((DataTypes.WideEnum.Large, DataTypes.SmallEnum.EnumC, DataTypes.SignedEnum.Low), (data.Wide, data.Little, data.Negative));
        Assert.Equal((1, 0x1555u, 0xabcdef012345678UL, 9), (data.PackedBits.First, data.PackedBits.Crossing, data.PackedBits.LongCrossing, data.PackedBits.Last));
        Assert.Equal((5u, -7, 0x2aaaaau, 0x1234567890UL), (data.Bits.Low, data.Bits.SignedMiddle, data.Bits.Rest, data.Bits.Across));
        Assert.Equal((DataTypes.SignedEnum.Low, true, 0xee), (data.Bits.Kind, data.Bits.Flag, data.Bits.After));
        data.Bits.SignedMiddle = 4;
        data.PackedBits.LongCrossing = 0x123;

        using DataTypes loaded = description.Load();
        loaded.Programs.Class.TestRun();
        ref DataTypes.DataSection now = ref loaded.Data;
        Assert.Equal((3, 0x1234567891UL, 0x2aaaaau, 5u), (now.Bits.SignedMiddle, now.Bits.Across, now.Bits.Rest, now.Bits.Low));
        Assert.Equal((0x124UL, 0xaaau, 1, 9), (now.PackedBits.LongCrossing, now.PackedBits.Crossing, now.PackedBits.First, now.PackedBits.Last));
        Assert.Equal((DataTypes.SignedEnum.High, DataTypes.WideEnum.Small, 4UL), (now.Negative, now.Wide, loaded.Bss.Pointer));
        Assert.Equal((-2, UInt128.One << 100), (now.SignedWide, now.UnsignedWide));
    }

    [Fact]
    public void Maps_have_views_of_their_types()
    {
        Requires.SyscallPrograms();
        using MapsSimple maps = MapsSimple.Open().Load();
        ulong context = 0;
        maps.Programs.Count.Run(ref context);
        MapsSimple.Key key = new() { Id = 7, Name = "seven" };
        Assert.True(maps.Maps.Hash.TryGet(key, out MapsSimple.Value value));
        Assert.Equal(1UL, value.Count);
        value.Sizes[3] = 9;
        maps.Maps.Hash.Set(key, value);
        Assert.True(maps.Maps.Hash.TryGet(key, out value));
        Assert.Equal(9u, value.Sizes[3]);
        maps.Maps.Queue.Push(4);
        Assert.Same(maps.Maps.Hash, maps.Maps.Hash);
        Assert.Equal("lpm", maps.Maps.Lpm.Map.Name);
    }

    [Fact]
    public void Variables_of_an_arena_are_set_before_the_load_and_seen_in_place_after_it()
    {
        Assert.SkipUnless(BpfFeatures.Supports(BpfMapType.Arena), "this kernel has no arenas");
        MapsArena.Description description = MapsArena.Open();
        description.Arena.Counter = 40;
        description.Arena.Numbers[2] = 1;
        using MapsArena loaded = description.Load();
        Assert.Equal(40ul, loaded.Arena.Counter);
        loaded.Arena.Numbers[2] = 2;
        ref ulong counter = ref loaded.Arena.Counter;
        Assert.Equal(0u, loaded.Programs.Touch.TestRun(new BpfTestRunOptions()).ReturnValue);
        Assert.Equal(42ul, Volatile.Read(ref counter));
    }

    [Fact]
    public void Callbacks_and_values_of_a_structure_are_set_before_the_load()
    {
        HookStructOps.Description description = HookStructOps.Open();
        HookStructOps.MiniCcOps structure = description.StructOps.MiniCc;
        Assert.Same(description.Programs.MiniSsthresh, structure.Ssthresh);
        Assert.Null(structure.SetState);
        Assert.Equal("bpf_mini", structure.Values.Name.ToString());
        structure.Values.Name = "bpf_renamed";
        structure.CongAvoid = null;

        Requires.StructOps();

        // The kernel refuses one that lacks what it must have; whole, it is registered under its new name.
        using (HookStructOps lacking = description.Load())
            Assert.Throws<BpfAttachException>(() => lacking.AttachAll().Dispose());
        structure.CongAvoid = description.Programs.MiniCongAvoid;
        using HookStructOps loaded = description.Load();
        using (loaded.AttachAll())
            Assert.Contains("bpf_renamed", CongestionControls());
        Assert.DoesNotContain("bpf_renamed", CongestionControls());
    }

    [Fact]
    public void The_kernels_configuration_is_there_after_the_load()
    {
        Requires.SyscallPrograms();
        using ExternKconfig loaded = ExternKconfig.Open().Load();
        loaded.Programs.Copy.TestRun();
        Assert.Equal(loaded.Bss.Version, (ulong)loaded.Kconfig.LinuxKernelVersion);
        Assert.Equal(loaded.Bss.Hz, (ulong)loaded.Kconfig.ConfigHz);
        Assert.True(loaded.Kconfig.ConfigBpfSyscall);
        Assert.Equal(loaded.Bss.Hostname.ToString(), loaded.Kconfig.ConfigDefaultHostname.ToString());
    }

    [Fact]
    public void A_loaded_object_can_be_given_the_names_of_its_class()
    {
        using var snoop = Generic<ExecSnoop>();
        Assert.Equal(0u, snoop.Rodata.TargetPid);
        snoop.Dispose();
        Assert.Throws<ObjectDisposedException>(() => { _ = snoop.Bss; });
    }

    private static string[] CongestionControls() => File.ReadAllText("/proc/sys/net/ipv4/tcp_available_congestion_control").Split((char[])[' ', '\n']);

    private static T Generic<T>()
        where T : IBpfSkeleton<T> => T.FromObject(T.OpenFile().Load());
}
