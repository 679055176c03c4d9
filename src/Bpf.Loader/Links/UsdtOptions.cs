namespace Bpf.Loader.Links;

/// <summary>How a USDT probe is listened to.</summary>
public sealed record UsdtOptions
{
    /// <summary>The process, or <see langword="null"/> for all that run the binary.</summary>
    public int? ProcessId { get; init; }

    /// <summary>What <c>bpf_usdt_cookie()</c> gives in the program.</summary>
    public ulong Cookie { get; init; }
}
