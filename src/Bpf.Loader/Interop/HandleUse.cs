using System;

namespace Bpf.Loader.Interop;

/// <summary>A descriptor that stays open until this is disposed. Of no handle, the descriptor is 0, as bpf(2) wants it.</summary>
internal readonly ref struct HandleUse : IDisposable
{
    private readonly FileDescriptorHandle? _handle;

    public HandleUse(FileDescriptorHandle? handle)
    {
        if (handle is null)
            return;
        if (handle.IsClosed)
            handle.ThrowDisposed();
        bool added = false;
        handle.DangerousAddRef(ref added);
        _handle = handle;
        Descriptor = (int)handle.DangerousGetHandle();
    }

    /// <summary>The number.</summary>
    public int Descriptor { get; }

    /// <summary>The number as the attribute structures hold it.</summary>
    public uint Unsigned => (uint)Descriptor;

    public void Dispose() => _handle?.DangerousRelease();
}
