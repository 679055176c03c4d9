using System;
using System.Runtime.Versioning;
using System.Threading;
using Bpf.Loader.Buffers;

namespace Bpf.Loader.Hosting;

/// <summary>A second mapping of a ring buffer, by which one sees how full it is whoever reads it.</summary>
[SupportedOSPlatform("linux")]
internal sealed class RingProbe(BpfMap map) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly RingBuffer _ring = map.OpenRingBuffer();

    public string Map => _ring.Name;

    public int Size => _ring.Size;

    /// <summary>How many bytes wait to be read.</summary>
    /// <exception cref="ObjectDisposedException">The host is gone.</exception>
    public long Available
    {
        get
        {
            // Several exporters may collect at once, but a ring buffer has one reader.
            lock (_lock) return _ring.Available;
        }
    }

    public void Dispose() => _ring.Dispose();
}
