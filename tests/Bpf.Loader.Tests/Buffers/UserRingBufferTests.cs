using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Bpf.Loader.Buffers;
using Xunit;

namespace Bpf.Loader.Tests.Buffers;

[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class UserRingBufferTests : IDisposable
{
    private readonly FakeRing _fake = new(1024, ulong.MaxValue - 4095);
    private readonly FakeMemory _memory = new();
    private readonly FakeWaiter _waiter = new();
    private readonly UserRingBuffer _ring;

    public UserRingBufferTests() => _ring = new UserRingBuffer("requests", _fake.Area, _memory, _waiter);

    public void Dispose()
    {
        _ring.Dispose();
        Assert.Equal(1, _memory.Disposals);
        Assert.True(_waiter.IsDisposed);
        _fake.Dispose();
    }

    [Fact]
    public void Written_records_are_read_in_order()
    {
        var random = new Random(1);
        var expected = new Queue<byte[]>();
        int refused = 0;
        for (int i = 0; i < 2000; i++)
        {
            byte[] data = new byte[random.Next(100)];
            random.NextBytes(data);
            if (_ring.TryWrite(data))
                expected.Enqueue(data);
            else
                refused++;
            if (random.Next(20) == 0)
            {
                foreach (byte[] record in Drain())
                    Assert.Equal(expected.Dequeue(), record);
                Assert.Empty(expected);
                Assert.Equal(1024, _ring.Free);
            }
        }

        Assert.True(refused > 0, "the ring was never full");
    }

    [Fact]
    public void A_record_that_is_not_submitted_holds_back_those_behind_it()
    {
        Assert.True(_ring.TryReserve(8, out UserRingRecord first));
        Assert.True(_ring.TryReserve(8, out UserRingRecord second));
        Assert.True(_ring.TryReserve(8, out UserRingRecord third));
        first.Data.Fill(1);
        second.Data.Fill(2);
        third.Data.Fill(3);
        third.Submit();
        second.Submit();
        Assert.Empty(Drain());
        first.Submit();
        Assert.Equal([1, 2, 3], Drain().ConvertAll(record => record[7]));
    }

    [Fact]
    public void What_is_not_submitted_is_discarded()
    {
        using (UserRingRecord record = Reserve(16))
            record.Data.Fill(1);
        using (UserRingRecord record = Reserve(16))
        {
            record.Data.Fill(2);
            record.Submit();
        }

        Assert.Equal([2], Drain().ConvertAll(record => record[15]));
        Assert.Equal(1024, _ring.Free);
    }

    [Fact]
    public void A_record_is_ended_once()
    {
        UserRingRecord record = Reserve(16);
        record.Submit();
        bool thrown = false;
        try
        {
            record.Submit();
        }
        catch (InvalidOperationException)
        {
            thrown = true;
        }

        Assert.True(thrown);
        record.Dispose();
        Assert.Single(Drain());
    }

    [Fact]
    public void Sizes_are_checked()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _ring.TryReserve(-1, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ring.TryReserve(1024 - 7, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ring.TryReserve(int.MaxValue, out _));
        Assert.True(_ring.TryWrite(new byte[1024 - 8]));
        Assert.Equal(0, _ring.Free);
        Assert.False(_ring.TryWrite([]));
        Assert.Single(Drain());
    }

    [Fact]
    public void Waiting_for_room_ends_with_room_with_the_time_and_with_the_end()
    {
        Assert.True(_ring.TryWrite(new byte[1016]));
        Assert.False(_ring.TryReserve(8, TimeSpan.FromMilliseconds(2), out _));

        var reader = new Thread(() =>
        {
            Thread.Sleep(5);
            Drain();
            _waiter.Signal();
        });
        reader.Start();
        Assert.True(_ring.TryReserve(8, Timeout.InfiniteTimeSpan, out UserRingRecord record));
        record.Submit();
        reader.Join();

        Assert.True(_ring.TryWrite(new byte[1000]));
        var disposer = new Thread(() =>
        {
            Thread.Sleep(5);
            _ring.Dispose();
        });
        disposer.Start();
        Assert.Throws<ObjectDisposedException>(() => _ring.TryReserve(8, Timeout.InfiniteTimeSpan, out _));
        disposer.Join();
    }

    [Fact]
    public void Dispose_waits_for_the_record_in_hand()
    {
        UserRingRecord record = Reserve(16);
        _ring.Dispose();
        Assert.Equal(0, _memory.Disposals);
        record.Data.Fill(3);
        record.Submit();
        Assert.Equal(1, _memory.Disposals);
        Assert.Throws<ObjectDisposedException>(() => _ring.TryWrite([1]));
        Assert.Throws<ObjectDisposedException>(() => _ring.Free);
    }

    [Fact]
    public void Corrupt_positions_are_told()
    {
        ulong position = _fake.ProducerPosition;
        _fake.ProducerPosition = position + 4096;
        Assert.Throws<InvalidDataException>(() => _ring.TryWrite([1]));
        _fake.ProducerPosition = position + 4;
        Assert.Throws<InvalidDataException>(() => _ring.TryWrite([1]));
        _fake.ProducerPosition = position;
        Assert.True(_ring.TryWrite([1]));
    }

    [Fact]
    public void Several_threads_write_whole_records()
    {
        const int Threads = 4, Count = 20_000;
        long[] next = new long[Threads];
        int done = 0;
        var reader = new Thread(() =>
        {
            while (Volatile.Read(ref done) < Threads * Count)
            {
                foreach (byte[] record in Drain())
                {
                    int thread = record[0];
                    Assert.Equal(next[thread]++, BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(1)));
                    Assert.Equal(9 + (int)(next[thread] % 50), record.Length);
                    done++;
                }
            }
        });
        reader.Start();
        Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, thread =>
        {
            for (long i = 0; i < Count; i++)
            {
                byte[] data = new byte[9 + (int)((i + 1) % 50)];
                data[0] = (byte)thread;
                BinaryPrimitives.WriteInt64LittleEndian(data.AsSpan(1), i);
                while (!_ring.TryWrite(data))
                    Thread.Yield();
            }
        });
        reader.Join();
        Assert.Equal(Threads * Count, done);
    }

    [Fact]
    public void Writing_allocates_nothing()
    {
        byte[] data = new byte[50];
        long allocated = 0;
        for (int round = 0; round < 3; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 1000; i++)
            {
                _ring.TryWrite(data);
                _ring.TryWrite(in i);
                _fake.ConsumerPosition = _fake.ProducerPosition;
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
    }

    private UserRingRecord Reserve(int length)
    {
        Assert.True(_ring.TryReserve(length, out UserRingRecord record));
        return record;
    }

    /// <summary>Reads as the kernel does in <c>bpf_user_ringbuf_drain()</c>, which is how we read the kernel's own rings.</summary>
    private List<byte[]> Drain()
    {
        // The kernel's view is one copy of the data; the producer has written into either half.
        var records = new List<byte[]>();
        var cursor = new RingCursor(_fake.Area);
        while (cursor.MoveNext())
            records.Add(cursor.Current.ToArray());
        cursor.Release();
        return records;
    }
}
