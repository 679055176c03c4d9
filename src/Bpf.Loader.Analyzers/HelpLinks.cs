namespace Bpf.Loader.Analyzers;

/// <summary>Where it is written what an id means, as the library's own ToHelpLink() has it.</summary>
internal static class HelpLinks
{
    /// <summary>The place of an id, such as <c>docs/diagnostics.md#bpf7001</c>.</summary>
    public static string Of(string id) => $"docs/diagnostics.md#{id.ToLowerInvariant()}";
}
