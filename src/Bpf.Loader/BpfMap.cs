using System;
using System.Runtime.Versioning;
using Bpf.Loader.Btf;
using Bpf.Loader.Interop;
using Bpf.Loader.Interop.Uapi;
using Bpf.Loader.Kernel;
using Bpf.Loader.Maps;

namespace Bpf.Loader;

/// <summary>A map in the kernel.</summary>
/// <remarks>
/// Here keys and values are bytes, as tools want them; <see cref="As{TKey, TValue}"/> and its relatives give typed views, with only
/// the operations that the kind of map has. Safe to use from several threads. Disposing closes the descriptor; the map lives on as
/// long as a program, a pin or another descriptor holds it.
/// </remarks>
[SupportedOSPlatform("linux")]
public sealed partial class BpfMap : IDisposable
{
    private readonly BpfMapInfo _info;
    private BtfReader? _btf;

    /// <summary>Owns a map.</summary>
    /// <param name="handle">Its descriptor.</param>
    /// <param name="name">Its name in full; the kernel keeps 15 bytes.</param>
    /// <param name="info">What the kernel says of it.</param>
    /// <param name="btf">The BTF that describes keys and values.</param>
    /// <param name="keyType">The type of the keys in there.</param>
    /// <param name="valueType">The type of the values in there.</param>
    internal BpfMap(
        FileDescriptorHandle handle,
        string name,
        in BpfMapInfo info,
        BtfReader? btf = null,
        BtfTypeId keyType = default,
        BtfTypeId valueType = default)
    {
        Handle = handle;
        Name = name;
        handle.Label = MapRefusal.Describe(this);
        _info = info;
        // The values that the kernel shows of struct_ops are not those of the object, but of a type of its own.
        bool isOfKernel = info.BtfVmlinuxValueTypeId != 0;
        _btf = isOfKernel ? null : btf;
        KeyType = isOfKernel ? default : btf is null ? new BtfTypeId((int)info.BtfKeyTypeId) : keyType;
        ValueType = isOfKernel ? new BtfTypeId((int)info.BtfVmlinuxValueTypeId) : btf is null ? new BtfTypeId((int)info.BtfValueTypeId) : valueType;
        ValueBufferSize = ValueSize;
        if (Type.HasPerCpuValues())
            ValueBufferSize = checked(((ValueSize + 7) & ~7) * PossibleCpus.Count);
        else if (Type.HoldsDescriptors())
            ValueBufferSize = sizeof(uint);
    }

    /// <summary>The name: in full for a map of an object, else the 15 bytes that the kernel keeps.</summary>
    public string Name { get; }

    /// <inheritdoc cref="BpfMapInfo.Id"/>
    public uint Id => _info.Id;

    /// <inheritdoc cref="BpfMapInfo.Type"/>
    public BpfMapType Type => _info.Type;

    /// <inheritdoc cref="BpfMapInfo.KeySize"/>
    public int KeySize => _info.KeySize;

    /// <inheritdoc cref="BpfMapInfo.ValueSize"/>
    public int ValueSize => _info.ValueSize;

    /// <summary>
    /// The bytes of a value as the byte operations take it: <see cref="ValueSize"/>, or that rounded up to 8 for each possible CPU.
    /// </summary>
    public int ValueBufferSize { get; }

    /// <inheritdoc cref="BpfMapInfo.MaxEntries"/>
    public uint MaxEntries => _info.MaxEntries;

    /// <inheritdoc cref="BpfMapInfo.Flags"/>
    public BpfMapFlags Flags => _info.Flags;

    /// <inheritdoc cref="BpfMapInfo.MapExtra"/>
    public ulong MapExtra => _info.MapExtra;

    /// <summary>
    /// The BTF that describes keys and values, if it is known: the object's, or the kernel's copy, which needs CAP_SYS_ADMIN to be read;
    /// for struct_ops, the kernel's own.
    /// </summary>
    /// <exception cref="BpfFormatException">The kernel's copy is malformed.</exception>
    public BtfReader? Btf => _btf ??=
        _info.BtfVmlinuxValueTypeId != 0 ? MapTypes.OfKernel(_info.BtfVmlinuxId)
        : _info.BtfId != 0 ? MapTypes.Open(_info.BtfId)
        : null;

    /// <summary>The type of the keys in <see cref="Btf"/>, or void.</summary>
    public BtfTypeId KeyType { get; }

    /// <summary>The type of the values in <see cref="Btf"/>, or void.</summary>
    public BtfTypeId ValueType { get; }

    internal FileDescriptorHandle Handle { get; }

    /// <summary>Asks the kernel again.</summary>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public BpfMapInfo GetInfo() => GetInfo(Handle, Name);

    /// <summary>Asks the kernel for what only the file of the map tells: memory, whether it is frozen, what programs it takes.</summary>
    /// <exception cref="BpfException">/proc is not mounted.</exception>
    public BpfMapFileInfo GetFileInfo() => BpfMapFileInfo.Read(this);

    /// <summary>Looks for those who keep the map in the kernel: programs, processes, pins.</summary>
    /// <exception cref="BpfException">The kernel refused. Needs CAP_SYS_ADMIN.</exception>
    /// <remarks>It looks at every program and process of the system; for many maps, <see cref="BpfMapUsers.FindAll"/> looks once.</remarks>
    public BpfMapUsers FindUsers() => BpfMapUsers.FindOf(Id);

    /// <summary>Makes the map read-only for user space, for ever (Linux 5.2). Programs may still write unless its flags forbid it.</summary>
    /// <exception cref="BpfException">The kernel refused: it is frozen already, or mapped for writing.</exception>
    public void Freeze()
    {
        Errno errno = BpfSyscall.MapFreeze(Handle);
        if (errno != Errno.None)
            MapRefusal.Throw(this, BpfCommand.MapFreeze, errno);
    }

    /// <summary>Another descriptor of the same map, with a life of its own.</summary>
    /// <exception cref="BpfException">The process has no descriptor left.</exception>
    public BpfMap Duplicate() => new(Handle.Duplicate(), Name, in _info, _btf, KeyType, ValueType);

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Type}, id {Id})";

    /// <summary>Closes the descriptor.</summary>
    public void Dispose() => Handle.Dispose();

    /// <summary>Describes the map behind a descriptor and takes it over; on failure it is closed.</summary>
    internal static BpfMap FromHandle(FileDescriptorHandle handle, string? name = null)
    {
        try
        {
            BpfMapInfo info = GetInfo(handle, name);
            return new BpfMap(handle, name ?? info.Name, in info);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    internal static BpfMapInfo GetInfo(FileDescriptorHandle handle, string? name)
    {
        Errno errno = BpfSyscall.GetMapInfo(handle, out MapInfo info);
        if (errno != Errno.None)
            throw new BpfException(BpfCommand.ObjGetInfoByFd, errno, name is null ? "a map" : $"map '{name}'", null);
        return new BpfMapInfo(in info);
    }
}
