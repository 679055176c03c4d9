using System;
using System.Runtime.Versioning;

namespace Bpf.Loader.Interop;

/// <summary>A descriptor that one thread makes ready to wake another out of its wait.</summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class EventFd : IDisposable
{
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;

    /// <summary>Creates one that is not ready.</summary>
    /// <exception cref="BpfException">The process has no descriptor left.</exception>
    public EventFd()
    {
        Handle = FileDescriptorHandle.FromResult(LibC.EventFd(0, CloseOnExec | NonBlocking), out Errno errno)
            ?? throw new BpfException("eventfd", errno, null, null);
    }

    /// <summary>The descriptor, readable when signalled.</summary>
    public FileDescriptorHandle Handle { get; }

    /// <summary>Makes it ready.</summary>
    public void Signal()
    {
        using HandleUse use = Handle.Use();
        ulong one = 1;

        // The only refusal is EAGAIN of a counter near 2^64, and then it is ready anyway.
        LibC.Write(use.Descriptor, (byte*)&one, sizeof(ulong));
    }

    /// <summary>Makes it not ready; tells whether it was.</summary>
    public bool Reset()
    {
        using HandleUse use = Handle.Use();
        ulong count;
        return LibC.Read(use.Descriptor, (byte*)&count, sizeof(ulong)) == sizeof(ulong);
    }

    public void Dispose() => Handle.Dispose();
}
