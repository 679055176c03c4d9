using System;
using System.Runtime.InteropServices;
using System.Threading;
using Bpf.Loader.Buffers;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Maps;
using Xunit;

namespace Bpf.Loader.KernelTests.Buffers;

public sealed class BufferGroupTests : KernelTest
{
    [Fact]
    public void Several_buffers_are_waited_for_and_read_together()
    {
        using var first = new EventProgram();
        using var second = new EventProgram();
        using RingBuffer firstRing = first.Ring.OpenRingBuffer();
        using RingBuffer secondRing = second.Ring.OpenRingBuffer();
        using BpfMap perfMap = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.PerfEventArray, KeySize = 4, ValueSize = 4 });
        using PerfBuffer perf = perfMap.OpenPerfBuffer(new PerfBufferOptions { PagesPerCpu = 1 });
        using var group = new BufferGroup();
        long nextFirst = 0, nextSecond = 0;
        group.Add(firstRing, record => Assert.Equal(nextFirst++, MemoryMarshal.Read<long>(record)));
        group.Add(secondRing, record => Assert.Equal(nextSecond++, MemoryMarshal.Read<long>(record)));
        group.Add(perf, static (_, _) => Assert.Fail("nobody sends there"));
        Assert.Equal(3, group.Count);

        Assert.False(group.Wait(TimeSpan.Zero));
        Assert.False(group.Wait(TimeSpan.FromMilliseconds(1)));
        Assert.Equal(0, group.Consume());
        for (int i = 0; i < 20; i++)
        {
            var producer = new Thread(() =>
            {
                Thread.Sleep(1);
                (i % 2 == 0 ? first : second).Run(1);
            });
            producer.Start();
            Assert.Equal(1, group.Poll(Timeout.InfiniteTimeSpan));
            producer.Join();
        }

        first.Run(5);
        second.Run(5);
        Assert.Equal(7, group.Consume(7));
        Assert.Equal((15, 12), (nextFirst, nextSecond));
        Assert.Equal(3, group.Consume());
        Assert.Equal((15, 15), (nextFirst, nextSecond));

        using var stop = new CancellationTokenSource(5);
        Assert.ThrowsAny<OperationCanceledException>(() => group.Wait(Timeout.InfiniteTimeSpan, stop.Token));
        Assert.False(group.Wait(TimeSpan.FromMilliseconds(1)));
        firstRing.Dispose();
        Assert.Throws<ObjectDisposedException>(() => group.Consume());
    }
}
