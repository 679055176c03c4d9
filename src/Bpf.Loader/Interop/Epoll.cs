using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Bpf.Loader.Interop;

/// <summary>Waits for several descriptors at once.</summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class Epoll : IDisposable
{
    private const int CloseOnExec = 0x80000;
    private const int OperationAdd = 1;
    private const int OperationRemove = 2;
    private const int MaxEventsAtOnce = 64;

    // struct epoll_event is packed on x86-64 only (include/uapi/linux/eventpoll.h).
    private static readonly bool Packed = RuntimeInformation.ProcessArchitecture == Architecture.X64;
    private static readonly int EventSize = Packed ? 12 : 16;
    private static readonly int DataOffset = Packed ? 4 : 8;

    private readonly FileDescriptorHandle _handle;

    /// <summary>Creates one that waits for nothing.</summary>
    /// <exception cref="BpfException">The process has no descriptor left.</exception>
    public Epoll()
    {
        _handle = FileDescriptorHandle.FromResult(LibC.EpollCreate(CloseOnExec), out Errno errno)
            ?? throw new BpfException("epoll_create1", errno, null, null);
    }

    /// <summary>The descriptor, which is ready when one of its own is.</summary>
    public FileDescriptorHandle Handle => _handle;

    /// <summary>Waits for a descriptor too, until it is removed or closed.</summary>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public void Add(FileDescriptorHandle fd, EpollEvents events, ulong data)
    {
        Span<byte> raw = stackalloc byte[16];
        Write(raw, events, data);
        Control(OperationAdd, fd, raw);
    }

    /// <summary>Waits for a descriptor no longer.</summary>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public void Remove(FileDescriptorHandle fd)
    {
        Span<byte> raw = stackalloc byte[16];
        Control(OperationRemove, fd, raw);
    }

    /// <summary>Waits until something is ready; allocates nothing.</summary>
    /// <param name="ready">Where it goes; at most 64 are taken at once.</param>
    /// <param name="timeoutMilliseconds">How long, 0 not at all, -1 without end.</param>
    /// <returns>How many are ready; 0 when the time is up.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public int Wait(Span<EpollEvent> ready, int timeoutMilliseconds)
    {
        int capacity = Math.Min(ready.Length, MaxEventsAtOnce);
        Span<byte> raw = stackalloc byte[MaxEventsAtOnce * 16];
        long deadline = timeoutMilliseconds > 0 ? Environment.TickCount64 + timeoutMilliseconds : 0;
        using HandleUse use = _handle.Use();
        fixed (byte* pointer = raw)
        {
            while (true)
            {
                int count = LibC.EpollWait(use.Descriptor, pointer, capacity, timeoutMilliseconds);
                if (count >= 0)
                {
                    Read(raw, ready[..count]);
                    return count;
                }

                // A signal, the runtime's own among them, ends the wait early: wait for the rest of the time.
                Errno errno = LibC.LastError;
                if (errno != Errno.EINTR)
                    throw new BpfException("epoll_wait", errno, null, null);
                if (timeoutMilliseconds > 0)
                    timeoutMilliseconds = (int)Math.Max(0, deadline - Environment.TickCount64);
            }
        }
    }

    public void Dispose() => _handle.Dispose();

    private static void Write(Span<byte> raw, EpollEvents events, ulong data)
    {
        MemoryMarshal.Write(raw, (uint)events);
        MemoryMarshal.Write(raw[DataOffset..], data);
    }

    private static void Read(ReadOnlySpan<byte> raw, Span<EpollEvent> ready)
    {
        for (int i = 0; i < ready.Length; i++)
        {
            ReadOnlySpan<byte> one = raw.Slice(i * EventSize, EventSize);
            ready[i] = new EpollEvent((EpollEvents)MemoryMarshal.Read<uint>(one), MemoryMarshal.Read<ulong>(one[DataOffset..]));
        }
    }

    private void Control(int operation, FileDescriptorHandle fd, ReadOnlySpan<byte> raw)
    {
        using HandleUse epoll = _handle.Use();
        using HandleUse other = fd.Use();
        fixed (byte* pointer = raw)
        {
            if (LibC.EpollControl(epoll.Descriptor, operation, other.Descriptor, pointer) < 0)
                throw new BpfException("epoll_ctl", LibC.LastError, null, null);
        }
    }
}
