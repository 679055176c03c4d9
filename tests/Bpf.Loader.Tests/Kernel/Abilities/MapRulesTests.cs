using Bpf.Loader.Kernel.Abilities;
using Xunit;

namespace Bpf.Loader.Tests.Kernel.Abilities;

public sealed class MapRulesTests
{
    [Theory]
    [InlineData(BpfMapType.Array, 8, 4, 1, BpfMapFlags.None, "Its keys must have 4 bytes, and have 8: use __type(key, __u32).")]
    [InlineData(BpfMapType.Hash, 0, 4, 1, BpfMapFlags.None, "Its keys have no bytes: give it __type(key, ...).")]
    [InlineData(BpfMapType.Hash, 4, 0, 1, BpfMapFlags.None, "Its values have no bytes: give it __type(value, ...).")]
    [InlineData(BpfMapType.Hash, 4, 4, 0, BpfMapFlags.None, "Give it max_entries, which is 0.")]
    [InlineData(BpfMapType.Queue, 4, 8, 10, BpfMapFlags.None, "It has no keys: drop __type(key), which has 4 bytes.")]
    [InlineData(BpfMapType.RingBuf, 0, 8, 4096, BpfMapFlags.None, "A ring buffer has neither key nor value: drop __type(key) and __type(value).")]
    [InlineData(BpfMapType.LpmTrie, 8, 8, 10, BpfMapFlags.None, "It must have the flag BPF_F_NO_PREALLOC: __uint(map_flags, BPF_F_NO_PREALLOC).")]
    [InlineData(BpfMapType.LpmTrie, 4, 8, 10, BpfMapFlags.NoPrealloc, "Its keys are a prefix length of 4 bytes and 1 to 256 bytes of address, and have 4.")]
    [InlineData(BpfMapType.LruHash, 4, 8, 10, BpfMapFlags.NoPrealloc, "Maps that evict entries are allocated at once: drop BPF_F_NO_PREALLOC.")]
    [InlineData(BpfMapType.StackTrace, 4, 12, 10, BpfMapFlags.None, "Its values are stacks of 8 bytes a frame, and have 12 bytes.")]
    [InlineData(BpfMapType.PerCpuArray, 4, 65536, 1, BpfMapFlags.None, "Values of each CPU may have 32768 bytes, and have 65536.")]
    [InlineData(BpfMapType.TaskStorage, 4, 8, 10, BpfMapFlags.NoPrealloc, "It has an entry for each object, and no max_entries: drop it, which is 10.")]
    [InlineData(BpfMapType.ProgArray, 4, 8, 1, BpfMapFlags.None, "Its values must have 4 bytes, and have 8: use __type(value, __u32).")]
    [InlineData(BpfMapType.Array, 4, 8, 1, BpfMapFlags.NoCommonLru, "BPF_F_NO_COMMON_LRU is for LruHash and LruPerCpuHash.")]
    [InlineData(BpfMapType.Hash, 4, 8, 1, BpfMapFlags.None, null)]
    [InlineData(BpfMapType.DevMap, 4, 8, 1, BpfMapFlags.None, null)]
    [InlineData(BpfMapType.SkStorage, 4, 8, 0, BpfMapFlags.NoPrealloc, null)]
    public void What_a_map_breaks_is_said(BpfMapType type, uint key, uint value, uint entries, BpfMapFlags flags, string? says) =>
        Assert.Equal(says, MapRules.FindBroken(new MapQuestion(type, key, value, entries, flags, 0)));

    [Theory]
    [InlineData(BpfMapType.Array, 4, 12, 1000, 4, 16_000)]
    [InlineData(BpfMapType.PerCpuArray, 4, 8, 1000, 4, 40_000)]
    [InlineData(BpfMapType.Hash, 4, 8, 1024, 4, (16 * 1024) + (1024 * 64))]
    [InlineData(BpfMapType.RingBuf, 0, 0, 4096, 4, 4096)]
    [InlineData(BpfMapType.TaskStorage, 4, 8, 0, 4, 0)]
    public void The_memory_of_a_map_is_estimated(BpfMapType type, uint key, uint value, uint entries, int cpus, ulong bytes) =>
        Assert.Equal(bytes, MapMemory.Estimate(new MapQuestion(type, key, value, entries, BpfMapFlags.None, 0), cpus));

    [Fact]
    public void A_hash_that_grows_takes_its_buckets_first() =>
        Assert.Equal(16UL * 1024, MapMemory.Estimate(new MapQuestion(BpfMapType.Hash, 4, 8, 1000, BpfMapFlags.NoPrealloc, 0), 4));
}
