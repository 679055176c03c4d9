namespace Bpf.Loader.Light;

/// <summary>How a light object is made.</summary>
public sealed record BpfLightOptions
{
    /// <summary>
    /// Whether the loader program is bound to its data, as one that is signed must be: it holds their hash and goes on only with them, and takes
    /// neither sizes nor constants from its caller. Linux 6.18.
    /// </summary>
    public bool IsBound { get; init; }
}
