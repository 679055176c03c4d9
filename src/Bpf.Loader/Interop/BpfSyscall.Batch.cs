using System.Runtime.CompilerServices;
using Bpf.Loader.Interop.Uapi;

namespace Bpf.Loader.Interop;

/// <content>
/// The batch commands (5.6). <c>count</c> goes in as the number that fits and comes out as the number handled, also when the call
/// fails in the middle. The caller answers for the sizes of the buffers.
/// </content>
internal static unsafe partial class BpfSyscall
{
    /// <summary>Reads entries from a position on.</summary>
    /// <param name="map">The map.</param>
    /// <param name="inBatch">The position that the last call gave, or a null reference for the beginning.</param>
    /// <param name="outBatch">Where the next call goes on; as long as a key, and at least 4 bytes.</param>
    /// <param name="keys">Where the keys go.</param>
    /// <param name="values">Where the values go.</param>
    /// <param name="count">How many fit, then how many were read.</param>
    /// <param name="elementFlags">BPF_F_LOCK and the like.</param>
    /// <returns>ENOENT when the end was reached, with the last entries; ENOSPC when a bucket does not fit.</returns>
    public static Errno MapLookupBatch(
        FileDescriptorHandle map,
        ref readonly byte inBatch,
        ref byte outBatch,
        ref byte keys,
        ref byte values,
        ref uint count,
        ulong elementFlags)
        => Batch(BpfCommand.MapLookupBatch, map, in inBatch, ref outBatch, ref keys, ref values, ref count, elementFlags);

    /// <summary>Reads entries from a position on and removes them; as <see cref="MapLookupBatch"/>.</summary>
    public static Errno MapLookupAndDeleteBatch(
        FileDescriptorHandle map,
        ref readonly byte inBatch,
        ref byte outBatch,
        ref byte keys,
        ref byte values,
        ref uint count,
        ulong elementFlags)
        => Batch(BpfCommand.MapLookupAndDeleteBatch, map, in inBatch, ref outBatch, ref keys, ref values, ref count, elementFlags);

    /// <summary>Sets entries.</summary>
    public static Errno MapUpdateBatch(
        FileDescriptorHandle map, ref readonly byte keys, ref readonly byte values, ref uint count, ulong elementFlags)
        => Batch(
            BpfCommand.MapUpdateBatch,
            map,
            in Unsafe.NullRef<byte>(),
            ref Unsafe.NullRef<byte>(),
            ref Unsafe.AsRef(in keys),
            ref Unsafe.AsRef(in values),
            ref count,
            elementFlags);

    /// <summary>Removes entries.</summary>
    public static Errno MapDeleteBatch(FileDescriptorHandle map, ref readonly byte keys, ref uint count, ulong elementFlags)
        => Batch(
            BpfCommand.MapDeleteBatch,
            map,
            in Unsafe.NullRef<byte>(),
            ref Unsafe.NullRef<byte>(),
            ref Unsafe.AsRef(in keys),
            ref Unsafe.NullRef<byte>(),
            ref count,
            elementFlags);

    private static Errno Batch(
        BpfCommand command,
        FileDescriptorHandle map,
        ref readonly byte inBatch,
        ref byte outBatch,
        ref byte keys,
        ref byte values,
        ref uint count,
        ulong elementFlags)
    {
        using HandleUse use = map.Use();
        fixed (byte* inPointer = &inBatch, outPointer = &outBatch, keysPointer = &keys, valuesPointer = &values)
        {
            var attribute = new MapBatchAttr
            {
                InBatch = Address(inPointer),
                OutBatch = Address(outPointer),
                Keys = Address(keysPointer),
                Values = Address(valuesPointer),
                Count = count,
                MapFd = use.Unsigned,
                ElementFlags = elementFlags,
            };
            Errno errno;
            // Once it has begun, the kernel has written there how many were handled.
            do errno = CallForError(command, ref attribute, MapBatchAttr.WireSize);
            while (errno == Errno.EINTR && attribute.Count == count && count != 0);
            count = attribute.Count;
            return errno;
        }
    }
}
