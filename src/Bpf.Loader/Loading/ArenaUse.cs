using System;
using System.Runtime.Versioning;
using System.Threading;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Loading;

/// <summary>An object's share in the memory of its arena.</summary>
[SupportedOSPlatform("linux")]
internal sealed class ArenaUse(ArenaMemory memory) : IDisposable
{
    private ArenaMemory? _memory = memory;

    public void Dispose() => Interlocked.Exchange(ref _memory, null)?.Leave();
}
