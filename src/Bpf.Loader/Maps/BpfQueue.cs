using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Maps;

/// <summary>A typed view of a queue or a stack, which have values and no keys (Linux 4.20).</summary>
/// <typeparam name="T">The C type of the values, in C#.</typeparam>
/// <remarks>The kernel does not tell how many values there are. A queue gives what was pushed first, a stack what was pushed last. No operation allocates. Safe to use from several threads.</remarks>
[SupportedOSPlatform("linux")]
public sealed class BpfQueue<T>
    where T : unmanaged
{
    private readonly FileDescriptorHandle _handle;

    internal BpfQueue(BpfMap map)
    {
        ViewCheck.Type(map, "a queue", BpfMapType.Queue, BpfMapType.Stack);
        ViewCheck.ValueSize<T>(map, map.ValueSize);
        Map = map;
        _handle = map.Handle;
    }

    /// <summary>The map.</summary>
    public BpfMap Map { get; }

    /// <summary>Puts a value in if there is room.</summary>
    /// <param name="value">The value.</param>
    /// <returns><see langword="false"/> when the queue is full.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool TryPush(in T value)
    {
        Errno errno = Push(in value, BpfElementFlags.Any);
        if (errno is not (Errno.None or Errno.E2BIG))
            MapRefusal.Throw(Map, BpfCommand.MapUpdateElement, errno);
        return errno == Errno.None;
    }

    /// <summary>Puts a value in; a full queue loses its oldest value for it.</summary>
    /// <param name="value">The value.</param>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public void Push(in T value)
    {
        // queue_stack_map_push_elem(): with BPF_EXIST the oldest makes room, in a stack too.
        Errno errno = Push(in value, BpfElementFlags.Exist);
        if (errno != Errno.None)
            MapRefusal.Throw(Map, BpfCommand.MapUpdateElement, errno);
    }

    /// <summary>Takes the next value out.</summary>
    /// <param name="value">The value, or zeroes.</param>
    /// <returns><see langword="false"/> when the queue is empty.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool TryPop(out T value) => Read(BpfCommand.MapLookupAndDeleteElement, out value);

    /// <summary>Reads the next value and leaves it in.</summary>
    /// <param name="value">The value, or zeroes.</param>
    /// <returns><see langword="false"/> when the queue is empty.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool TryPeek(out T value) => Read(BpfCommand.MapLookupElement, out value);

    /// <summary>Takes all values out.</summary>
    /// <remarks>
    /// A system call for each value, at most as many as the queue has room for. It is not one step: what programs push meanwhile may
    /// stay or go.
    /// </remarks>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public void Clear() => WholeMap.Clear(Map);

    private Errno Push(in T value, BpfElementFlags flags) => BpfSyscall.MapUpdate(
        _handle, in Unsafe.NullRef<byte>(), in Unsafe.As<T, byte>(ref Unsafe.AsRef(in value)), (ulong)flags);

    private bool Read(BpfCommand command, out T value)
    {
        Unsafe.SkipInit(out value);
        ref byte bytes = ref Unsafe.As<T, byte>(ref value);
        Errno errno = command == BpfCommand.MapLookupElement
            ? BpfSyscall.MapLookup(_handle, in Unsafe.NullRef<byte>(), ref bytes, 0)
            : BpfSyscall.MapLookupAndDelete(_handle, in Unsafe.NullRef<byte>(), ref bytes, 0);
        if (errno == Errno.None)
            return true;
        value = default;
        return Map.FoundOrThrow(command, errno);
    }
}
