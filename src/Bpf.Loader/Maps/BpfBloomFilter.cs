using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Maps;

/// <summary>A typed view of a bloom filter: it knows for certain what was not added (Linux 5.16).</summary>
/// <typeparam name="T">The C type of the values, in C#. Its padding, if it has any, is part of the value.</typeparam>
/// <remarks>No operation allocates. Safe to use from several threads.</remarks>
[SupportedOSPlatform("linux")]
public sealed class BpfBloomFilter<T>
    where T : unmanaged
{
    private readonly FileDescriptorHandle _handle;

    internal BpfBloomFilter(BpfMap map)
    {
        ViewCheck.Type(map, "a bloom filter", BpfMapType.BloomFilter);
        ViewCheck.ValueSize<T>(map, map.ValueSize);
        Map = map;
        _handle = map.Handle;
    }

    /// <summary>The map.</summary>
    public BpfMap Map { get; }

    /// <summary>Adds a value; it cannot be removed.</summary>
    /// <param name="value">The value.</param>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public void Add(in T value)
    {
        Errno errno = BpfSyscall.MapUpdate(_handle, in Unsafe.NullRef<byte>(), in Unsafe.As<T, byte>(ref Unsafe.AsRef(in value)), 0);
        if (errno != Errno.None)
            MapRefusal.Throw(Map, BpfCommand.MapUpdateElement, errno);
    }

    /// <summary>Whether a value may have been added.</summary>
    /// <param name="value">The value.</param>
    /// <returns><see langword="false"/> when it was certainly not.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool MayContain(in T value)
    {
        // The kernel reads the value, though it is a look-up.
        T copy = value;
        Errno errno = BpfSyscall.MapLookup(_handle, in Unsafe.NullRef<byte>(), ref Unsafe.As<T, byte>(ref copy), 0);
        return Map.FoundOrThrow(BpfCommand.MapLookupElement, errno);
    }
}
