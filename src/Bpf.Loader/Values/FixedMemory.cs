using System.Buffers;

namespace Bpf.Loader;

/// <summary>
/// Memory that has one address for as long as it exists, as a mapping has: whoever reads it often asks for the address once.
/// It is given back only when nothing reads it any more.
/// </summary>
internal abstract class FixedMemory : MemoryManager<byte>
{
    /// <summary>Where it begins.</summary>
    public abstract nint Start { get; }
}
