using System;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader;

/// <summary>Types that were given to the kernel by <see cref="BpfBtf.Load"/>; they are there until this is disposed, and whatever uses them is gone.</summary>
[SupportedOSPlatform("linux")]
public sealed class BpfLoadedBtf : IDisposable
{
    private readonly FileDescriptorHandle _handle;

    internal BpfLoadedBtf(FileDescriptorHandle handle, BpfBtfInfo info)
    {
        _handle = handle;
        Info = info;
    }

    /// <summary>What the kernel tells of them, such as their number, by which <see cref="BpfBtf.Open"/> finds them.</summary>
    public BpfBtfInfo Info { get; }

    /// <summary>Lets go of them.</summary>
    public void Dispose() => _handle.Dispose();
}
