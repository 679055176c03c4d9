using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Support;
using Xunit;

namespace Bpf.Loader.KernelTests.Maps;

/// <summary>Each type of map is created, and what one side puts in the other side sees, on every kernel that is new enough for it.</summary>
public sealed class EveryMapTypeTests : KernelTest
{
    // The first kernel of a type, and what is done with it.
    private static readonly Dictionary<BpfMapType, (int Major, int Minor, Action Scenario)> Table = new()
    {
        [BpfMapType.Hash] = (3, 19, () => EntryScenarios.Keyed(BpfMapType.Hash)),
        [BpfMapType.Array] = (3, 19, () => EntryScenarios.Keyed(BpfMapType.Array)),
        [BpfMapType.ProgArray] = (4, 2, EntryScenarios.ProgramArray),
        [BpfMapType.PerfEventArray] = (4, 3, BufferScenarios.PerfEventArray),
        [BpfMapType.PerCpuHash] = (4, 6, () => EntryScenarios.PerCpu(BpfMapType.PerCpuHash)),
        [BpfMapType.PerCpuArray] = (4, 6, () => EntryScenarios.PerCpu(BpfMapType.PerCpuArray)),
        [BpfMapType.StackTrace] = (4, 6, EntryScenarios.StackBuildIds),
        [BpfMapType.CgroupArray] = (4, 8, StorageScenarios.CgroupArray),
        [BpfMapType.LruHash] = (4, 10, () => EntryScenarios.Keyed(BpfMapType.LruHash)),
        [BpfMapType.LruPerCpuHash] = (4, 10, () => EntryScenarios.PerCpu(BpfMapType.LruPerCpuHash)),
        [BpfMapType.LpmTrie] = (4, 11, EntryScenarios.Trie),
        [BpfMapType.ArrayOfMaps] = (4, 12, () => EntryScenarios.MapOfMaps(BpfMapType.ArrayOfMaps)),
        [BpfMapType.HashOfMaps] = (4, 12, () => EntryScenarios.MapOfMaps(BpfMapType.HashOfMaps)),
        [BpfMapType.DevMap] = (4, 14, () => RedirectScenarios.Devices(BpfMapType.DevMap)),
        [BpfMapType.SockMap] = (4, 14, () => NetworkScenarios.Sockets(BpfMapType.SockMap)),
        [BpfMapType.CpuMap] = (4, 15, RedirectScenarios.Cpus),
        [BpfMapType.XskMap] = (4, 18, RedirectScenarios.ExpressSockets),
        [BpfMapType.SockHash] = (4, 18, () => NetworkScenarios.Sockets(BpfMapType.SockHash)),
        [BpfMapType.CgroupStorage] = (4, 19, StorageScenarios.OldCgroupStorages),
        [BpfMapType.ReusePortSockArray] = (4, 19, NetworkScenarios.ReusePort),
        [BpfMapType.PerCpuCgroupStorage] = (4, 20, StorageScenarios.OldCgroupStorages),
        [BpfMapType.Queue] = (4, 20, () => EntryScenarios.Queue(BpfMapType.Queue)),
        [BpfMapType.Stack] = (4, 20, () => EntryScenarios.Queue(BpfMapType.Stack)),
        [BpfMapType.SkStorage] = (5, 2, NetworkScenarios.SocketStorage),
        [BpfMapType.DevMapHash] = (5, 4, () => RedirectScenarios.Devices(BpfMapType.DevMapHash)),
        [BpfMapType.StructOps] = (5, 6, StorageScenarios.StructOps),
        [BpfMapType.RingBuf] = (5, 8, BufferScenarios.RingBuffer),
        [BpfMapType.InodeStorage] = (5, 10, StorageScenarios.Inodes),
        [BpfMapType.TaskStorage] = (5, 11, StorageScenarios.Tasks),
        [BpfMapType.BloomFilter] = (5, 16, EntryScenarios.BloomFilter),
        [BpfMapType.UserRingBuf] = (6, 1, BufferScenarios.UserRingBuffer),
        [BpfMapType.CgrpStorage] = (6, 2, StorageScenarios.Cgroups),
        [BpfMapType.Arena] = (6, 9, BufferScenarios.Arena),
        [BpfMapType.InsnArray] = (6, 19, EntryScenarios.InstructionArray),
        [BpfMapType.RHash] = (7, 0, () => EntryScenarios.Keyed(BpfMapType.RHash, BpfMapFlags.NoPrealloc)),
    };

    public static TheoryData<BpfMapType> All => [.. Enum.GetValues<BpfMapType>().Where(type => type != BpfMapType.Unspecified)];

    [Theory]
    [MemberData(nameof(All))]
    public void Both_sides_see_what_is_in_it(BpfMapType type)
    {
        (int major, int minor, Action scenario) = Table[type];
        if (!BpfFeatures.Supports(type))
        {
            bool isNew = KernelVersion.Current.CompareTo(new KernelVersion(major, minor, 0)) >= 0;
            Assert.False(isNew || IsListed(type), $"Linux {KernelVersion.Current} has no maps of type {type}, which came with {major}.{minor}.");
            Assert.Skip($"Linux {major}.{minor}");
        }

        scenario();
    }

    // Whatever the version: a kernel that has the type lists it.
    private static bool IsListed(BpfMapType type)
    {
        Assert.True(KernelBtf.Vmlinux.TryFind("bpf_map_type", BtfKind.Enum, out BtfTypeId id));
        foreach (BtfEnumerator listed in KernelBtf.Vmlinux[id].Enumerators)
        {
            if (listed.Value == (long)type && !listed.Name.StartsWith("__", StringComparison.Ordinal)) return true;
        }

        return false;
    }
}
