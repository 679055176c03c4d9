namespace Bpf.Loader.Btf;

/// <summary>How much of a value is shown.</summary>
public sealed record BtfValueFormatOptions
{
    /// <summary>How deep structs and arrays may nest; what is deeper is left out.</summary>
    public int MaximumDepth { get; init; } = 32;

    /// <summary>How many elements of an array are shown.</summary>
    public int MaximumElements { get; init; } = 4096;

    /// <summary>How many values are shown in all.</summary>
    public int MaximumPieces { get; init; } = 1 << 20;

    /// <summary>
    /// Whether what is on the wire (<see cref="BtfReader.GetNetworkType(BtfTypeId)"/>) is shown as what it means: an address, or a number
    /// in the order of its bytes. Otherwise it is shown as the integers and bytes that the machine sees, as bpftool does.
    /// </summary>
    public bool ShowsNetworkTypes { get; init; } = true;
}
