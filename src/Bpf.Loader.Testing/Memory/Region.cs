namespace Bpf.Loader.Testing.Memory;

/// <summary>What the check of an access needs of a region. Limits are 0 where each access is looked at more closely.</summary>
internal unsafe struct Region
{
    /// <summary>The first byte, of memory that never moves.</summary>
    public byte* Base;

    /// <summary>The bytes from the base on that may be read.</summary>
    public uint ReadLimit;

    /// <summary>The bytes from the base on that may be written.</summary>
    public uint WriteLimit;
}
