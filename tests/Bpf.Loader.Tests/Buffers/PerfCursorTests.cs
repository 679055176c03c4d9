using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using Bpf.Loader.Buffers;
using Xunit;

namespace Bpf.Loader.Tests.Buffers;

public sealed unsafe class PerfCursorTests
{
    private const uint Lost = 2, Sample = 9, Throttle = 5;

    private readonly byte[] _scratch = new byte[PerfCursor.MaxRecordSize];

    /// <summary>A random kernel against a model: samples come in order and whole, also across the end; what is lost is counted.</summary>
    [Theory]
    [InlineData(1, 128)]
    [InlineData(2, 4096)]
    [InlineData(3, 4096)]
    [InlineData(4, 65536)]
    [InlineData(5, 1 << 20)]
    public void Samples_come_in_order(int seed, int size)
    {
        var random = new Random(seed);
        using var ring = new FakePerfRing((uint)size, ulong.MaxValue - 7);
        var expected = new Queue<byte[]>();
        long lost = 0, expectedLost = 0;
        for (int step = 0; step < 5_000; step++)
        {
            switch (random.Next(8))
            {
                case < 5:
                    byte[] data = new byte[4 + (random.Next(Math.Min(size / 16, 4000)) * 8)];
                    random.NextBytes(data);
                    if (ring.TryWrite(Sample, [.. BitConverter.GetBytes(data.Length), .. data]))
                        expected.Enqueue(data);
                    break;
                case 5:
                    long count = random.Next(1, 1000);
                    if (ring.TryWrite(Lost, [.. BitConverter.GetBytes(77L), .. BitConverter.GetBytes(count)]))
                        expectedLost += count;
                    break;
                case 6:
                    ring.TryWrite(Throttle, new byte[24]);
                    break;
                default:
                    var cursor = new PerfCursor(ring.Area, _scratch);
                    int limit = random.Next(3) == 0 ? random.Next(3) : int.MaxValue;
                    int read = 0;
                    while (read < limit && cursor.MoveNext())
                    {
                        read++;
                        Assert.Equal(expected.Dequeue(), cursor.Current.ToArray());
                    }

                    cursor.Release();
                    lost += cursor.Lost;
                    if (read < limit)
                    {
                        Assert.Empty(expected);
                        Assert.Equal(ring.Head, ring.Tail);
                        Assert.Equal(expectedLost, lost);
                    }

                    break;
            }
        }

        Assert.True(ring.Wrapped > 10 || size > 60_000, "nothing wrapped");
    }

    /// <summary>Pages that another process scribbles on: an exception or records, never a byte from outside, never for ever.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Hostile_pages_are_never_read_past(int seed)
    {
        var random = new Random(seed);
        int refused = 0, read = 0;
        for (int round = 0; round < 5_000; round++)
        {
            using var ring = new FakePerfRing(256, (ulong)random.Next(64) * 8);
            while (random.Next(6) != 0 && ring.TryWrite(Sample, [.. BitConverter.GetBytes(12), .. new byte[12]]))
            {
            }

            for (int i = random.Next(1, 4); i > 0; i--)
            {
                switch (random.Next(4))
                {
                    case 0: ring.Head += (ulong)(random.NextInt64(1L << random.Next(1, 63)) - 64); break;
                    case 1: ring.Tail ^= 1ul << random.Next(64); break;
                    default: ring.Data[random.Next(256)] = (byte)random.Next(256); break;
                }
            }

            try
            {
                var cursor = new PerfCursor(ring.Area, _scratch);
                int records = 0;
                while (cursor.MoveNext())
                {
                    read++;
                    Assert.True(cursor.Current.Length <= 256);
                    Assert.True(++records <= 32);
                }
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 250, 5_000);
        Assert.True(read > 250);
    }

    private sealed class FakePerfRing : IDisposable
    {
        private readonly byte* _page = (byte*)NativeMemory.AllocZeroed(4096);
        private readonly byte* _data;
        private readonly uint _size;

        public FakePerfRing(uint size, ulong start)
        {
            _size = size;
            _data = (byte*)NativeMemory.AllocZeroed(size);
            Area = new PerfArea(_page, _data, size);
            // Positions begin at multiples of 8.
            Head = Tail = start & ~7ul;
        }

        public PerfArea Area { get; }

        public int Wrapped { get; private set; }

        public ref ulong Head => ref *(ulong*)(_page + 1024);

        public ref ulong Tail => ref *(ulong*)(_page + 1032);

        public Span<byte> Data => new(_data, (int)_size);

        public bool TryWrite(uint type, byte[] body)
        {
            int size = (8 + body.Length + 7) & ~7;
            if (Head - Tail + (ulong)size > _size)
                return false;
            byte[] record = [.. BitConverter.GetBytes(type), 0, 0, .. BitConverter.GetBytes((ushort)size), .. body, .. new byte[size - 8 - body.Length]];
            for (int i = 0; i < size; i++)
                _data[(Head + (ulong)i) & (_size - 1)] = record[i];
            if ((Head & (_size - 1)) + (ulong)size > _size)
                Wrapped++;
            Head += (ulong)size;
            return true;
        }

        public void Dispose()
        {
            NativeMemory.Free(_page);
            NativeMemory.Free(_data);
        }
    }
}
