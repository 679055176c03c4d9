namespace Bpf.Loader.Testing.Memory;

/// <summary>What a region is, for the closer look and for faults.</summary>
internal sealed class RegionInfo
{
    /// <summary>What it holds.</summary>
    public RegionKind Kind { get; set; }

    /// <summary>What it was before it was freed; else as <see cref="Kind"/>.</summary>
    public RegionKind FormerKind { get; set; }

    /// <summary>Its size in bytes.</summary>
    public uint Length { get; set; }

    /// <summary>True when programs may write it.</summary>
    public bool IsWritable { get; set; }

    /// <summary>The map, kernel object or context that it belongs to; null for none.</summary>
    public object? Owner { get; set; }

    /// <summary>Its bytes, which it keeps alive.</summary>
    public byte[]? Data { get; set; }

    /// <summary>Where in <see cref="Data"/> it begins.</summary>
    public int Start { get; set; }

    /// <summary>Its name in a fault, such as <c>map value 'counts'</c>.</summary>
    public string Name
    {
        get
        {
            string what = FormerKind switch
            {
                RegionKind.Stack => "stack",
                RegionKind.Context => "context",
                RegionKind.Packet => "packet",
                RegionKind.MapValue => "value of map",
                RegionKind.Record => "record of ring buffer",
                RegionKind.Arena => "arena",
                RegionKind.Kernel => "kernel object",
                RegionKind.User => "memory of a process",
                RegionKind.Code => "code",
                RegionKind.Handle => "handle of",
                _ => "freed memory",
            };
            return Owner is null || FormerKind is RegionKind.Context or RegionKind.Packet or RegionKind.Stack ? what : $"{what} '{Owner}'";
        }
    }
}
