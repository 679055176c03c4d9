using System;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Maps;
using Bpf.Loader.Objects;
using Xunit;

namespace Bpf.Loader.KernelTests.Kernel.Abilities;

/// <summary>"EINVAL (Invalid argument)" and no more is never the answer: whatever this kernel refuses of the objects, something is said of it.</summary>
public sealed class NothingBareTests : KernelTest
{
    [Theory, MemberData(nameof(TestObjects.All), MemberType = typeof(TestObjects))]
    public void A_program_that_is_refused_is_told_why(string name)
    {
        Requires.RealProcessor(); // some of them keep the verifier busy for a million instructions
        BpfObjectFile whole = BpfObjectFile.Open(TestObjects.PathOf(name));
        foreach (BpfProgramDefinition program in whole.Programs)
        {
            BpfObjectFile file = BpfObjectFile.Open(TestObjects.PathOf(name));
            foreach (BpfProgramDefinition definition in file.Programs) definition.AutoLoad = definition.Name == program.Name;
            foreach (BpfMapDefinition map in file.Maps) map.PinPath = null;
            try
            {
                file.Load().Dispose();
            }
            catch (BpfLoaderException refusal)
            {
                AssertTold(refusal, $"{name}, {program.Name}");
            }
        }
    }

    [Theory]
    [InlineData(BpfMapType.Array, 8, 4, 1, BpfMapFlags.None, 0ul, "key 8")]
    [InlineData(BpfMapType.Array, 4, 4, 1, BpfMapFlags.NoPrealloc, 0ul, "do not take the flag NoPrealloc")]
    [InlineData(BpfMapType.Hash, 4, 4, 1, BpfMapFlags.Mmapable, 0ul, "do not take the flag Mmapable")]
    [InlineData(BpfMapType.Hash, 4, 4, 1, BpfMapFlags.None, 3ul, "map_extra")]
    [InlineData(BpfMapType.RingBuf, 0, 0, 5000, BpfMapFlags.None, 0ul, "power of two")]
    [InlineData(BpfMapType.LpmTrie, 8, 8, 1, BpfMapFlags.None, 0ul, "BPF_F_NO_PREALLOC")]
    [InlineData(BpfMapType.StackTrace, 4, 12, 1, BpfMapFlags.None, 0ul, "8 bytes a frame")]
    [InlineData(BpfMapType.Queue, 4, 4, 1, BpfMapFlags.None, 0ul, "It has no keys")]
    public void A_map_that_is_refused_is_told_why(BpfMapType type, int key, int value, uint entries, BpfMapFlags flags, ulong extra, string says)
    {
        var options = new BpfMapCreateOptions { Type = type, Name = "refused", KeySize = key, ValueSize = value, MaxEntries = entries, Flags = flags, MapExtra = extra };
        BpfException refusal = Assert.ThrowsAny<BpfException>(() => BpfMap.Create(options));
        AssertTold(refusal, type.ToString());
        Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_map_that_is_too_large_is_told_of_memory()
    {
        var options = new BpfMapCreateOptions { Type = BpfMapType.Hash, Name = "huge", KeySize = 8, ValueSize = 1024, MaxEntries = 500_000_000 };
        BpfException refusal = Assert.ThrowsAny<BpfException>(() => BpfMap.Create(options));
        Assert.True(refusal.Errno is Errno.ENOMEM or Errno.E2BIG or Errno.EPERM, refusal.Message);
        Assert.Contains("GiB for 500,000,000 entries", refusal.Message, StringComparison.Ordinal);
        Assert.Matches("is limited to|available|locked memory", refusal.Message);
        Assert.Contains("BPF_F_NO_PREALLOC", refusal.Message, StringComparison.Ordinal);
    }

    private static void AssertTold(BpfLoaderException refusal, string what)
    {
        BpfFinding finding = refusal.Finding;
        bool isTold = refusal is BpfNotSupportedException || finding.Cure is not null || finding.Cause is not null || refusal is not BpfException
            || (finding.KernelWords is string words && !words.StartsWith(((BpfException)refusal).Errno.ToString(), StringComparison.Ordinal));
        Assert.True(isTold, $"{what}: {refusal.Message}");
    }
}
