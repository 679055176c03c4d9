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
}
