using System;
using System.Threading;
using Bpf.Loader.Buffers;
using Bpf.Loader.Interop;
using Bpf.Loader.KernelTests.Support;
using Xunit;

namespace Bpf.Loader.KernelTests.Buffers;

public sealed class UserRingBufferTests : KernelTest
{
    [Fact]
    public void A_program_drains_what_is_written()
    {
        using BpfObject bpf = TestObjects.Load("maps_user_ringbuf");
        using UserRingBuffer ring = bpf.Maps["requests"].OpenUserRingBuffer();
        Assert.Equal(4096, ring.Size);
        long written = 0;
        for (int round = 0; round < 50; round++)
        {
            while (ring.TryWrite(in written))
                written++;
            // One that is discarded is not the program's to see.
            Drain(bpf);
            if (ring.TryReserve(100, out UserRingRecord record))
                record.Dispose();
            Drain(bpf);
            Assert.Equal((ulong)written, bpf.Globals["drained"].Get<ulong>());
            Assert.Equal(4096, ring.Free);
        }
    }

    [Fact]
    public void Waiting_for_room_ends_when_the_program_has_drained()
    {
        using BpfObject bpf = TestObjects.Load("maps_user_ringbuf");
        using UserRingBuffer ring = bpf.Maps["requests"].OpenUserRingBuffer();
        while (ring.TryWrite(new byte[504]))
        {
        }

        Assert.False(ring.TryReserve(8, TimeSpan.FromMilliseconds(1), out _));
        var drainer = new Thread(() =>
        {
            Thread.Sleep(5);
            Drain(bpf);
        });
        drainer.Start();
        Assert.True(ring.TryReserve(8, Timeout.InfiniteTimeSpan, out UserRingRecord record));
        record.Submit();
        drainer.Join();
        Drain(bpf);
        Assert.Equal(9u, bpf.Globals["drained"].Get<ulong>());
    }

    private static void Drain(BpfObject bpf)
    {
        var request = new ProgramRunRequest();
        Assert.Equal(Errno.None, BpfSyscall.ProgramRun(bpf.Programs["drain"].Handle, in request, out _));
    }
}
