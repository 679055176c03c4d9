using System.Collections.Concurrent;
using System.Linq;
using System.Runtime.Versioning;
using System.Threading;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Buffers.Xsk;

/// <summary>
/// The memory of one AF_XDP socket, or of several that share it: frames for packets, of which each socket begins with as many as its
/// rings have entries. It is unmapped when the last of them is closed.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class XskMemory
{
    private readonly MappedMemory _memory;
    private readonly ConcurrentStack<ulong> _others;
    private int _open = 1;

    private XskMemory(MappedMemory memory, XskOptions options)
    {
        (_memory, Options) = (memory, options);
        _others = new ConcurrentStack<ulong>(Enumerable.Range(1, options.Sockets - 1).Reverse().Select(socket => (ulong)socket * SizeOf(options)));
    }

    /// <summary>How it was laid out.</summary>
    public XskOptions Options { get; }

    /// <summary>The mapping.</summary>
    public MappedMemory Mapping => _memory;

    /// <summary>Maps memory for all sockets that the options speak of, of which there is one.</summary>
    public static XskMemory? Map(XskOptions options, out Errno errno)
    {
        MappedMemory? memory = MappedMemory.MapAnonymous((nuint)options.Sockets * SizeOf(options), out errno);
        return memory is null ? null : new XskMemory(memory, options);
    }

    /// <summary>Counts another socket, if there are frames for it.</summary>
    /// <param name="first">The first of its frames.</param>
    public bool TryShare(out ulong first)
    {
        if (!_others.TryPop(out first)) return false;
        Interlocked.Increment(ref _open);
        return true;
    }

    /// <summary>Gives the frames of a socket that came to nothing to the next.</summary>
    public void Return(ulong first) => _others.Push(first);

    /// <summary>Says that a socket is closed.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _open) == 0) _memory.Unmap();
    }

    // For packets to receive, and as many to send.
    private static nuint SizeOf(XskOptions options) => (nuint)options.RingSize * 2 * (nuint)options.FrameSize;
}
