using System.Runtime.InteropServices;

namespace Bpf.Loader.Interop;

/// <summary>Owns a region of memory that mmap(2) gave.</summary>
internal sealed class MappingHandle : SafeHandle
{
    private readonly nuint _length;

    public MappingHandle(nint address, nuint length)
        : base(-1, ownsHandle: true)
    {
        _length = length;
        SetHandle(address);
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == -1;

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => LibC.MemoryUnmap(handle, _length) == 0;
}
