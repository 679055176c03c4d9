using System.Threading;
using Bpf.Loader.KernelTests.Support;
using Xunit;

namespace Bpf.Loader.KernelTests.Loading;

/// <summary>Global variables, before the load and in place afterwards.</summary>
public sealed class GlobalVariableTests : KernelTest
{
    [Fact]
    public void A_constant_is_what_was_set_before_the_load_and_cannot_be_written_after()
    {
        BpfObjectFile file = BpfObjectFile.Open(TestObjects.PathOf("execsnoop.bpf.o"));
        file.Globals["target_pid"].Set(1234);
        using BpfObject loaded = file.Load();
        Assert.True(loaded.Globals["target_pid"].IsReadOnly);
        Assert.Equal(1234, loaded.Globals["target_pid"].Get<int>());
        Assert.Throws<System.InvalidOperationException>(() => loaded.Globals["target_pid"].Set(1));
    }

    [Fact]
    public void A_variable_that_is_written_in_place_is_seen_through_its_map_and_the_other_way_round()
    {
        using BpfObject loaded = BpfObjectFile.Open(TestObjects.PathOf("execsnoop.bpf.o")).Load();
        BpfVariable dropped = loaded.Globals["dropped"];
        dropped.Set(41UL);
        Interlocked.Increment(ref dropped.Ref<ulong>());
        byte[] value = new byte[loaded.Maps[".bss"].ValueSize];
        Assert.True(loaded.Maps[".bss"].TryGet(new byte[4], value));
        Assert.Contains((byte)42, value);
    }

    [Fact]
    public void The_size_of_a_variable_is_checked()
    {
        using BpfObject loaded = BpfObjectFile.Open(TestObjects.PathOf("execsnoop.bpf.o")).Load();
        Assert.Throws<System.ArgumentException>(() => loaded.Globals["target_pid"].Get<long>());
    }

    [Fact]
    public void A_description_is_not_changed_by_its_load()
    {
        BpfObjectFile file = TestObjects.Open("extern_kconfig");
        byte[] before = file.Maps[".kconfig"].InitialValue.ToArray();
        file.Load().Dispose();
        Assert.Equal(before, file.Maps[".kconfig"].InitialValue.ToArray());
    }
}
