using Bpf.Loader.Buffers;
using Bpf.Loader.KernelTests.Support;

namespace Bpf.Loader.KernelTests.Hosting;

/// <summary>What a generator would make of the object execsnoop.</summary>
internal sealed class ExecSnoop : IBpfSkeleton<ExecSnoop>
{
    private ExecSnoop(BpfObject loaded) => Object = loaded;

    public BpfObject Object { get; }

    public RingBufferMap<ExecEvent> Events => Object.Maps["events"].AsRingBuffer<ExecEvent>();

    public static BpfObjectFile OpenFile(BpfOpenOptions? options = null) => BpfObjectFile.Open(TestObjects.PathOf("execsnoop.bpf.o"), options);

    public static ExecSnoop FromObject(BpfObject loaded) => new(loaded);

    public void Dispose() => Object.Dispose();
}
