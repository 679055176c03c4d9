namespace Bpf.Tool.Events;

/// <summary>A column of the table of events.</summary>
internal struct EventColumn
{
    /// <summary>The path of the member, such as <c>pid</c> or <c>address.port</c>.</summary>
    public required string Name { get; init; }

    /// <summary>True for numbers, which are aligned to the right.</summary>
    public required bool IsNumber { get; init; }

    /// <summary>The width; it grows with its contents.</summary>
    public int Width { get; set; }
}
