using System;
using System.Collections.Generic;
using System.Text;
using Bpf.Loader.Btf;
using Bpf.Loader.Diagnostics;
using Bpf.Loader.Interop;
using Bpf.Loader.Interop.Uapi;
using Bpf.Loader.Kernel;
using Bpf.Loader.Kernel.Abilities;
using Bpf.Loader.Maps;

namespace Bpf.Loader;

public sealed partial class BpfMap
{
    /// <summary>Creates a map that no object describes.</summary>
    /// <param name="options">What it shall be.</param>
    /// <exception cref="BpfException">The kernel refused. Needs CAP_BPF (CAP_SYS_ADMIN before 5.8), for some kinds CAP_NET_ADMIN too.</exception>
    public static BpfMap Create(BpfMapCreateOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        using FileDescriptorHandle? btf = MapTypes.Load(options, out BtfTypeId keyType, out BtfTypeId valueType);
        var request = new MapCreateRequest
        {
            Type = options.Type,
            KeySize = options.KeySize == 0 ? MapSizes.Key(options.Type) : checked((uint)options.KeySize),
            ValueSize = options.ValueSize == 0 ? MapSizes.Value(options.Type) : checked((uint)options.ValueSize),
            MaxEntries = options.MaxEntries == 0 ? MapSizes.Entries(options.Type, static () => PossibleCpus.Count) : options.MaxEntries,
            Flags = options.Flags | (options.NumaNode is null ? 0 : BpfMapFlags.NumaNode),
            MapExtra = options.MapExtra,
            NumaNode = options.NumaNode ?? 0,
            Name = Encoding.UTF8.GetBytes(options.Name),
            InnerMap = options.InnerMap?.Handle,
            Btf = btf,
            BtfKeyTypeId = (uint)keyType.Value,
            BtfValueTypeId = (uint)valueType.Value,
        };
        FileDescriptorHandle handle = BpfSyscall.MapCreate(in request, out Errno errno)
            ?? throw MapFailure.Of(
                new MapQuestion(options.Type, request.KeySize, request.ValueSize, request.MaxEntries, request.Flags, request.MapExtra), errno, $"map '{options.Name}'", options.Name, CreateHint(options, errno));
        return FromHandle(handle, options.Name);
    }

    /// <summary>Opens a map by its number.</summary>
    /// <param name="id">The number, as <see cref="Id"/> and <c>bpftool map</c> show it.</param>
    /// <param name="access">What the descriptor may be used for.</param>
    /// <exception cref="BpfException">The kernel refused: <see cref="Errno.ENOENT"/> when there is no such map. Needs CAP_SYS_ADMIN.</exception>
    public static BpfMap OpenById(uint id, BpfMapAccess access = BpfMapAccess.ReadWrite)
    {
        FileDescriptorHandle handle = BpfSyscall.OpenById(BpfCommand.MapGetFdById, id, (uint)Flag(access), out Errno errno)
            ?? throw Refusal.Of(BpfCommand.MapGetFdById, errno, $"map {id}", errno == Errno.ENOENT ? "There is no map of that id." : null);
        return FromHandle(handle);
    }

    /// <summary>Opens a map by the path under which it is pinned.</summary>
    /// <param name="path">The path, on a file system of type bpf.</param>
    /// <param name="access">What the descriptor may be used for.</param>
    /// <exception cref="BpfException">
    /// The kernel refused: <see cref="Errno.ENOENT"/> when nothing is there; or what is there is not a map
    /// (<see cref="BpfDiagnosticId.PinnedOtherKind"/>).
    /// </exception>
    public static BpfMap OpenPinned(string path, BpfMapAccess access = BpfMapAccess.ReadWrite)
    {
        BpfMap map = FromHandle(PinnedObject.Open(path, DescriptorKind.Map, Flag(access)));
        map.PinPath = path;
        return map;
    }

    /// <summary>Opens all maps of the system that have a certain name; the kernel keeps 15 bytes of it.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The maps, to be disposed by the caller; there may be several, or none.</returns>
    /// <exception cref="BpfException">The kernel refused. Needs CAP_SYS_ADMIN.</exception>
    public static IReadOnlyList<BpfMap> OpenByName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        byte[] wanted = Encoding.UTF8.GetBytes(name);
        string known = ObjectName.From(wanted).ToString();
        var maps = new List<BpfMap>();
        try
        {
            foreach (uint id in EnumerateIds())
            {
                // One that went since is not there.
                FileDescriptorHandle? handle = BpfSyscall.OpenById(BpfCommand.MapGetFdById, id, 0, out Errno errno);
                if (handle is null && errno == Errno.ENOENT)
                    continue;
                BpfMap map = FromHandle(handle ?? throw Refusal.Of(BpfCommand.MapGetFdById, errno, $"map {id}"));
                if (map.Name == known)
                    maps.Add(map);
                else
                    map.Dispose();
            }

            return maps;
        }
        catch
        {
            foreach (BpfMap map in maps)
                map.Dispose();
            throw;
        }
    }

    /// <summary>Looks for a name that was not found among those of all maps of the system, for messages.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The name of a map that is called nearly so; null when none is, or when the process may not look.</returns>
    public static string? FindCloseName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        try
        {
            var close = new CloseNames(name);
            foreach (uint id in EnumerateIds())
            {
                using FileDescriptorHandle? handle = BpfSyscall.OpenById(BpfCommand.MapGetFdById, id, 0, out _);
                if (handle is not null) close.Add(FromHandle(handle).Name);
            }

            return close.Best is [string best, ..] ? best : null;
        }
        catch (BpfException)
        {
            return null;
        }
    }

    /// <summary>The numbers of all maps in the system.</summary>
    /// <exception cref="BpfException">The kernel refused. Needs CAP_SYS_ADMIN.</exception>
    public static IEnumerable<uint> EnumerateIds() => IdWalk.Of(BpfCommand.MapGetNextId);

    internal static BpfMapFlags Flag(BpfMapAccess access) => access switch
    {
        BpfMapAccess.ReadOnly => BpfMapFlags.ReadOnly,
        BpfMapAccess.WriteOnly => BpfMapFlags.WriteOnly,
        _ => BpfMapFlags.None,
    };

    private static string? CreateHint(BpfMapCreateOptions options, Errno errno) => (options.Type, errno) switch
    {
        (BpfMapType.ArrayOfMaps or BpfMapType.HashOfMaps, Errno.EBADF or Errno.EINVAL) when options.InnerMap is null =>
            $"A map of maps needs {nameof(BpfMapCreateOptions.InnerMap)} to know what is inside.",
        _ => null,
    };
}
