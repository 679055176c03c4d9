using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Bpf.Loader.Interop;
using Xunit;

namespace Bpf.Loader.KernelTests.Interop;

public sealed class DescriptorTests
{
    [Fact]
    public void Event_wakes_a_wait_with_the_number_it_was_added_with()
    {
        using var epoll = new Epoll();
        using var first = new EventFd();
        using var second = new EventFd();
        epoll.Add(first.Handle, EpollEvents.In, 0x1122334455667788);
        epoll.Add(second.Handle, EpollEvents.In, ulong.MaxValue);
        EpollEvent[] ready = new EpollEvent[4];
        Assert.Equal(0, epoll.Wait(ready, 0));

        second.Signal();
        first.Signal();
        Assert.Equal(2, epoll.Wait(ready, -1));
        Array.Sort(ready, 0, 2, System.Collections.Generic.Comparer<EpollEvent>.Create((a, b) => a.Data.CompareTo(b.Data)));
        Assert.Equal(new EpollEvent(EpollEvents.In, 0x1122334455667788), ready[0]);
        Assert.Equal(new EpollEvent(EpollEvents.In, ulong.MaxValue), ready[1]);

        Assert.True(first.Reset());
        Assert.False(first.Reset());
        epoll.Remove(second.Handle);
        Assert.Equal(0, epoll.Wait(ready, 0));
    }

    [Fact]
    public async Task Event_of_another_thread_ends_a_wait()
    {
        using var epoll = new Epoll();
        using var wake = new EventFd();
        epoll.Add(wake.Handle, EpollEvents.In, 1);
        Task<int> waiting = Task.Factory.StartNew(
            () => epoll.Wait(new EpollEvent[1], -1), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        wake.Signal();
        Assert.Equal(1, await waiting);
    }

    [Fact]
    public void Wait_with_a_time_ends_by_itself()
    {
        using var epoll = new Epoll();
        long start = Environment.TickCount64;
        Assert.Equal(0, epoll.Wait(new EpollEvent[1], 20));
        Assert.True(Environment.TickCount64 - start >= 15);
    }

    [Fact]
    public void Handle_in_use_stays_open_until_it_is_not()
    {
        FileDescriptorHandle handle = MemFd.Create("test", out Errno errno)!;
        Assert.Equal(Errno.None, errno);
        string path;
        using (HandleUse use = handle.Use())
        {
            path = $"/proc/self/fd/{use.Descriptor}";
            Assert.True(use.Descriptor >= 3);
            handle.Dispose();
            Assert.Contains("memfd:test", new FileInfo(path).LinkTarget, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("memfd:test", new FileInfo(path).LinkTarget ?? "", StringComparison.Ordinal);
        Assert.Throws<ObjectDisposedException>(() => handle.Use().Dispose());
    }

    [Fact]
    public void Duplicate_lives_on()
    {
        FileDescriptorHandle first = MemFd.Create("test", out _)!;
        using FileDescriptorHandle second = first.Duplicate();
        first.Dispose();
        Assert.Equal(Errno.None, KernelFile.Write(second, "x"u8));
    }

    [Fact]
    public void Memory_is_mapped_and_refused_after_its_end()
    {
        using FileDescriptorHandle map = CreateArray(8192);
        MappedMemory memory = MappedMemory.Map(map, 0, 8192, writable: true, out Errno errno)!;
        Assert.Equal(Errno.None, errno);
        memory.GetSpan()[8191] = 7;
        Assert.Equal(7, memory[8191]);
        Assert.Equal(7, memory.Memory.Span[8191]);
        Assert.Throws<ArgumentOutOfRangeException>(() => memory[8192] = 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.GetSpan(8000, 193).Clear());
        Assert.Equal(192, memory.GetSpan(8000, 192).Length);
        memory.Unmap();
        memory.Unmap();
        Assert.Throws<ObjectDisposedException>(() => memory[0] = 1);
        Assert.Throws<ObjectDisposedException>(() => memory.GetSpan().Clear());
        Assert.Throws<ObjectDisposedException>(() => memory.Pin().Dispose());
    }

    private static FileDescriptorHandle CreateArray(uint valueSize) => BpfSyscall.MapCreate(
        new MapCreateRequest
        {
            Type = BpfMapType.Array,
            KeySize = 4,
            ValueSize = valueSize,
            MaxEntries = 1,
            Flags = BpfMapFlags.Mmapable,
        },
        out _)!;
}
