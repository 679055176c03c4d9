using System.Runtime.CompilerServices;
using Bpf.Loader.Interop.Uapi;

namespace Bpf.Loader.Interop;

internal static unsafe partial class BpfSyscall
{
    /// <summary>Reads a value; ENOENT when the key is absent. The caller answers for the sizes.</summary>
    public static Errno MapLookup(FileDescriptorHandle map, ref readonly byte key, ref byte value, ulong flags)
        => Element(BpfCommand.MapLookupElement, map, in key, ref value, flags);

    /// <summary>Sets a value; EEXIST with BPF_NOEXIST, ENOENT with BPF_EXIST, E2BIG when the map is full.</summary>
    public static Errno MapUpdate(FileDescriptorHandle map, ref readonly byte key, ref readonly byte value, ulong flags)
        => Element(BpfCommand.MapUpdateElement, map, in key, ref Unsafe.AsRef(in value), flags);

    /// <summary>Removes an entry; ENOENT when the key is absent.</summary>
    public static Errno MapDelete(FileDescriptorHandle map, ref readonly byte key, ulong flags = 0)
        => Element(BpfCommand.MapDeleteElement, map, in key, ref Unsafe.NullRef<byte>(), flags);

    /// <summary>Reads a value and removes it; ENOENT when the key is absent. Hash tables since 5.14, queues and stacks since 4.20.</summary>
    public static Errno MapLookupAndDelete(FileDescriptorHandle map, ref readonly byte key, ref byte value, ulong flags)
        => Element(BpfCommand.MapLookupAndDeleteElement, map, in key, ref value, flags);

    /// <summary>The key after the given one, or the first after a null reference; ENOENT at the end.</summary>
    public static Errno MapNextKey(FileDescriptorHandle map, ref readonly byte key, ref byte nextKey)
        => Element(BpfCommand.MapGetNextKey, map, in key, ref nextKey, 0);

    /// <summary>Makes the map read-only for user space, for ever (5.2).</summary>
    public static Errno MapFreeze(FileDescriptorHandle map)
    {
        using HandleUse use = map.Use();
        var attribute = new MapElementAttr { MapFd = use.Unsigned };
        return CallForError(BpfCommand.MapFreeze, ref attribute, sizeof(uint));
    }

    private static Errno Element(BpfCommand command, FileDescriptorHandle map, ref readonly byte key, ref byte value, ulong flags)
    {
        UncountedUse use = UncountedUse.OfThread;
        fixed (byte* keyPointer = &key, valuePointer = &value)
        {
            var attribute = new MapElementAttr
            {
                MapFd = (uint)map.Begin(use),
                Key = Address(keyPointer),
                Value = Address(valuePointer),
                Flags = flags,
            };
            Call((uint)command, &attribute, MapElementAttr.WireSize, out Errno errno);
            use.End();
            return errno;
        }
    }
}
