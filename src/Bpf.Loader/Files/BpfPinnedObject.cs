using System.Collections.Generic;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader;

/// <summary>Something that a file keeps in the kernel.</summary>
/// <param name="Path">The file, on a file system of type bpf.</param>
/// <param name="Kind">What it keeps.</param>
/// <param name="Id">The number of that in the kernel; 0 when it has none.</param>
[SupportedOSPlatform("linux")]
public sealed record BpfPinnedObject(string Path, BpfPinnedKind Kind, uint Id)
{
    /// <summary>Finds everything that is pinned, as far as this process may see it.</summary>
    /// <param name="directory">Where to look, subdirectories included; by default every file system of type bpf that is mounted.</param>
    /// <exception cref="System.IO.DirectoryNotFoundException">There is no such directory.</exception>
    public static IReadOnlyList<BpfPinnedObject> Find(string? directory = null)
    {
        var found = new List<BpfPinnedObject>();
        foreach (string root in directory is null ? BpfMounts.Find() : [directory])
        {
            foreach (string path in BpfMounts.Files(root))
            {
                // Not everything there is pinned: iterators and the preloaded programs' output are files to be read.
                using FileDescriptorHandle? handle = BpfMounts.TryOpen(path);
                if (handle is not null)
                    found.Add(Describe(path, handle));
            }
        }

        return found;
    }

    private static BpfPinnedObject Describe(string path, FileDescriptorHandle handle)
    {
        using HandleUse use = handle.Use();
        DescriptorInfo? info = DescriptorInfo.Read("self", use.Descriptor);
        string? kind = DescriptorKind.Of(handle);
        return kind switch
        {
            DescriptorKind.Map => new BpfPinnedObject(path, BpfPinnedKind.Map, Id("map_id")),
            DescriptorKind.Program => new BpfPinnedObject(path, BpfPinnedKind.Program, Id("prog_id")),
            _ when kind is not null && DescriptorKind.IsOf(kind, DescriptorKind.Link) => new BpfPinnedObject(path, BpfPinnedKind.Link, Id("link_id")),
            _ => new BpfPinnedObject(path, BpfPinnedKind.Other, 0),
        };

        uint Id(string name) => (uint)(info?[name] ?? 0);
    }
}
