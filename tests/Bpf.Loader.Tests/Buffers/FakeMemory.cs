using System;

namespace Bpf.Loader.Tests.Buffers;

/// <summary>Stands for a mapping and says whether it was let go.</summary>
internal sealed class FakeMemory : IDisposable
{
    public int Disposals { get; private set; }

    public void Dispose() => Disposals++;
}
