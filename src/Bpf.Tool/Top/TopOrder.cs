namespace Bpf.Tool.Top;

/// <summary>By what programs are sorted; the largest comes first, but of names and numbers the smallest.</summary>
internal enum TopOrder
{
    /// <summary>The share of a CPU.</summary>
    Cpu,

    /// <summary>Runs a second.</summary>
    Runs,

    /// <summary>The time of a run.</summary>
    Each,

    /// <summary>The time of all runs that were ever counted.</summary>
    Total,

    /// <summary>The name.</summary>
    Name,

    /// <summary>The program's number.</summary>
    Id,
}
