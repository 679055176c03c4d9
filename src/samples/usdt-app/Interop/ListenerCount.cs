namespace Bpf.Samples.Interop;

/// <summary>A probe's semaphore: how many listeners it has, which the kernel writes into the memory of the process.</summary>
internal readonly unsafe struct ListenerCount(nint address)
{
    /// <summary>Zero, too, when there is no semaphore.</summary>
    public ushort Count => address == 0 ? (ushort)0 : Volatile.Read(ref *(ushort*)address);
}
