using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Bpf.Loader.Buffers;
using Bpf.Loader.Instructions;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Maps;
using Xunit;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.KernelTests.Buffers;

public sealed class PerfBufferTests : KernelTest
{
    private const int PerfEventOutput = 25;

    private readonly BpfMap _map;
    private readonly BpfMap _count;
    private readonly TestProgram _program;

    public PerfBufferTests()
    {
        _map = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.PerfEventArray, Name = "perf", KeySize = 4, ValueSize = 4 });
        _count = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.Array, Name = "count", KeySize = 4, ValueSize = 16, MaxEntries = 1 });

        // The numbers 0, 1, 2 ... come as 12 bytes, because the kernel adds 4 of size and wants a multiple of 8.
        // number = count[0]++ (without a fetch, which came with 5.12: it runs once at a time); a failure is counted in count[1].
        _program = TestProgram.Load(new BpfAssembler()
            .Move(R9, R1)
            .LoadMapValue(R6, _count, 0).Move(R7, 1)
            .Load(BpfAccessSize.DoubleWord, R8, R6, 0)
            .Atomic(BpfAtomicOperation.Add, BpfAccessSize.DoubleWord, R6, 0, R7)
            .Store(BpfAccessSize.DoubleWord, R10, -16, R8)
            .Store(BpfAccessSize.Word, R10, -8, 0x1234)
            .Move(R1, R9).LoadMap(R2, _map).LoadImmediate64(R3, 0xffffffff).Move(R4, R10)
            .Alu(BpfAluOperation.Add, R4, -16).Move(R5, 12)
            .CallHelper(PerfEventOutput)
            .JumpIf(BpfCondition.Equal, R0, 0, "sent")
            .Move(R7, 1)
            .Atomic(BpfAtomicOperation.Add, BpfAccessSize.DoubleWord, R6, 8, R7)
            .Label("sent").Return(0));
    }

    [Fact]
    public void Records_come_from_every_cpu_in_order()
    {
        using PerfBuffer buffer = _map.OpenPerfBuffer(new PerfBufferOptions { PagesPerCpu = 1 });
        Assert.Equal(Environment.ProcessorCount, buffer.CpuCount);
        var last = new Dictionary<int, long>();
        int seen = 0;
        for (int round = 0; round < 400; round++)
        {
            _program.Run((round % 40) + 1);
            foreach (PerfRecord record in buffer.Read())
            {
                Assert.Equal(12, record.Data.Length);
                Assert.Equal(0x1234, MemoryMarshal.Read<int>(record.Data[8..]));
                long number = MemoryMarshal.Read<long>(record.Data);
                Assert.True(number > last.GetValueOrDefault(record.Cpu, -1));
                last[record.Cpu] = number;
                seen++;
            }
        }

        Assert.Equal(Counts()[0], seen);
        Assert.Equal(seen, buffer.Consumed);
        Assert.Equal(0, buffer.Lost);
        Assert.Equal(0, Counts()[1]);
    }

    [Fact]
    public void Records_of_one_cpu_are_taken_and_those_of_others_stay()
    {
        using PerfBuffer buffer = _map.OpenPerfBuffer(new PerfBufferOptions { PagesPerCpu = 8 });
        int[] cpus = [.. buffer.Cpus];
        Assert.Equal(buffer.CpuCount, cpus.Length);
        foreach (int cpu in cpus) RunOn(cpu, 10 + cpu);

        int left = (int)Counts()[0];
        foreach (int cpu in cpus)
        {
            int seen = buffer.ConsumeCpu(cpu, (from, _) => Assert.Equal(cpu, from), 3) + buffer.ConsumeCpu(cpu, (from, _) => Assert.Equal(cpu, from));
            Assert.Equal(10 + cpu, seen);
            Assert.Equal(0, buffer.ConsumeCpu(cpu, static (_, _) => { }));
            left -= seen;
        }

        Assert.Equal(0, left);
        Assert.Throws<ArgumentException>(() => buffer.ConsumeCpu(100_000, static (_, _) => { }));
    }

    [Fact]
    public void Only_cpus_that_were_asked_for_have_a_ring()
    {
        using PerfBuffer buffer = _map.OpenPerfBuffer(new PerfBufferOptions { PagesPerCpu = 8, Cpus = [0] });
        Assert.Equal([0], buffer.Cpus);
        RunOn(0, 5);
        Assert.Equal(5, buffer.Consume(static (cpu, _) => Assert.Equal(0, cpu)));
        int other = Environment.ProcessorCount - 1;
        if (other > 0)
        {
            RunOn(other, 4);
            Assert.Equal(4, Counts()[1]); // were told that there is none
            Assert.Equal(0, buffer.Consume(static (_, _) => { }));
        }

        Assert.Throws<ArgumentException>(() => _map.OpenPerfBuffer(new PerfBufferOptions { Cpus = [100_000] }));
        Assert.Throws<ArgumentException>(() => _map.OpenPerfBuffer(new PerfBufferOptions { Cpus = [] }));
    }

    [Fact]
    public void A_recorder_keeps_the_newest()
    {
        using PerfRecorder recorder = _map.OpenPerfRecorder(new PerfBufferOptions { PagesPerCpu = 1 });
        Assert.Equal(Environment.ProcessorCount, recorder.CpuCount);
        Assert.Equal(0, recorder.Read(static (_, _) => { }));
        _program.Run(3);
        Assert.Equal([2L, 1, 0], Numbers(false).Values.SelectMany(one => one).OrderDescending());
        Assert.Equal(3, Numbers(false).Values.Sum(one => one.Count));
        Assert.Empty(Numbers(true));

        // A page holds 170 records of 24 bytes; many times as many come.
        for (int round = 0; round < 50; round++)
        {
            _program.Run(100 + round);
            Dictionary<int, List<long>> numbers = Numbers(false);
            Assert.Equal(Counts()[0] - 1, numbers.Values.Max(one => one[0]));
            foreach (List<long> ofCpu in numbers.Values)
            {
                Assert.InRange(ofCpu.Count, 1, 4096 / 24);
                Assert.Equal(ofCpu.OrderDescending().Distinct(), ofCpu);
            }

            Assert.Contains(numbers.Values, ofCpu => ofCpu.Count >= 100);
            _program.Run(2);
            Assert.Equal([Counts()[0] - 1, Counts()[0] - 2], Numbers(true).Values.SelectMany(one => one).OrderDescending());
        }

        Assert.Equal(0, Counts()[1]);
        recorder.Dispose();
        Assert.Throws<ObjectDisposedException>(() => recorder.Read(static (_, _) => { }));

        Dictionary<int, List<long>> Numbers(bool onlyNew)
        {
            var seen = new Dictionary<int, List<long>>();
            recorder.Read(
                (cpu, record) =>
                {
                    Assert.Equal(0x1234, MemoryMarshal.Read<int>(record[8..]));
                    if (!seen.TryGetValue(cpu, out List<long>? numbers))
                        seen.Add(cpu, numbers = []);
                    numbers.Add(MemoryMarshal.Read<long>(record));
                },
                onlyNew);
            return seen;
        }
    }

    [Fact]
    public void What_is_lost_is_counted()
    {
        using PerfBuffer buffer = _map.OpenPerfBuffer(new PerfBufferOptions { PagesPerCpu = 1 });
        _program.Run(2000);
        buffer.Consume(static (_, _) => { });
        // The kernel tells of a loss with the next record on that CPU for which it has room.
        while (buffer.Consumed + buffer.Lost != Counts()[0])
        {
            _program.Run(1);
            buffer.Consume(static (_, _) => { });
            Assert.True(buffer.Consumed + buffer.Lost <= Counts()[0]);
        }

        Assert.True(buffer.Lost > 1000);
        long sum = 0;
        for (int cpu = 0; cpu < 64; cpu++)
            sum += buffer.GetLost(cpu);
        Assert.Equal(buffer.Lost, sum);
    }

    [Fact]
    public void Waiting_ends_with_a_record_and_a_limit_leaves_the_rest()
    {
        using PerfBuffer buffer = _map.OpenPerfBuffer();
        Assert.False(buffer.Wait(TimeSpan.FromMilliseconds(1)));
        for (int i = 0; i < 20; i++)
        {
            var producer = new Thread(() =>
            {
                Thread.Sleep(1);
                _program.Run(1);
            });
            producer.Start();
            Assert.Equal(1, buffer.Poll(Timeout.InfiniteTimeSpan, static (_, _) => { }));
            producer.Join();
        }

        _program.Run(5);
        Assert.Equal(2, buffer.Consume(static (_, _) => { }, 2));
        Assert.True(buffer.Wait(TimeSpan.Zero));
        Assert.Equal(3, buffer.Consume(static (_, _) => { }));
        Assert.Equal(0, buffer.Consume(static (_, _) => { }));
    }

    [Fact]
    public async Task Stream_takes_all_while_the_map_is_closed()
    {
        // Room for all of them: a loss at the very end would never be told.
        using PerfBuffer buffer = _map.OpenPerfBuffer(new PerfBufferOptions { PagesPerCpu = 64, WakeUpEvents = 8 });
        _map.Dispose();
        const int Count = 5_003;
        var producer = new Thread(() =>
        {
            for (int i = 0; i < Count; i++)
            {
                _program.Run(1);
                if (i % 100 == 0)
                    Thread.Yield();
            }
        });
        producer.Start();
        int seen = 0;
        var numbers = new HashSet<long>();
        await foreach (ReadOnlyMemory<byte> record in buffer.ReadAllAsync())
        {
            Assert.True(numbers.Add(MemoryMarshal.Read<long>(record.Span)));
            if (++seen == Count)
                break;
        }

        producer.Join();
        Assert.Equal(0, buffer.Lost);
        Assert.Equal(0, Counts()[1]);
    }

    [Fact]
    public async Task Cancellation_and_dispose_end_a_waiting_stream()
    {
        PerfBuffer buffer = _map.OpenPerfBuffer();
        using var stop = new CancellationTokenSource(5);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (int _ in buffer.ReadAllAsync<int>(stop.Token))
            {
            }
        });
        IAsyncEnumerator<int> waiting = buffer.ReadAllAsync<int>().GetAsyncEnumerator();
        ValueTask<bool> next = waiting.MoveNextAsync();
        buffer.Dispose();
        Assert.False(await next);
        await waiting.DisposeAsync();
        Assert.Throws<ObjectDisposedException>(() => buffer.Read());
        Assert.Throws<ObjectDisposedException>(() => buffer.Wait(TimeSpan.Zero));

        // The map is as before, and can be used again.
        _program.Run(1);
        Assert.Equal(1, Counts()[1]);
        using PerfBuffer again = _map.OpenPerfBuffer();
        _program.Run(1);
        Assert.Equal(1, again.Consume(static (_, _) => { }));
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        using PerfBuffer buffer = _map.OpenPerfBuffer();
        PerfRecordHandler handler = static (_, _) => { };
        long allocated = 0;
        for (int round = 0; round < 3; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++)
            {
                _program.Run(10);
                if (!buffer.Wait(Timeout.InfiniteTimeSpan) || buffer.Consume(handler) != 10 || buffer.Wait(TimeSpan.FromTicks(1)))
                    Assert.Fail("not ten records");
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Wrong_maps_and_options_are_refused()
    {
        Assert.Throws<InvalidOperationException>(() => _count.OpenPerfBuffer());
        Assert.Throws<ArgumentException>(() => _map.OpenPerfBuffer(new PerfBufferOptions { PagesPerCpu = 3 }));
        Assert.Throws<ArgumentException>(() => _map.OpenPerfBuffer(new PerfBufferOptions { PagesPerCpu = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => _map.OpenPerfBuffer(new PerfBufferOptions { WakeUpEvents = 0 }));
    }

    protected override void Dispose(bool disposing)
    {
        _program.Dispose();
        _count.Dispose();
        _map.Dispose();
        base.Dispose(disposing);
    }

    private void RunOn(int cpu, int times)
    {
        var thread = new Thread(() =>
        {
            Cpu.StayOn(cpu);
            _program.Run(times);
        });
        thread.Start();
        thread.Join();
    }

    private long[] Counts()
    {
        byte[] value = new byte[16];
        _count.TryGet(new byte[4], value);
        return MemoryMarshal.Cast<byte, long>(value).ToArray();
    }
}
