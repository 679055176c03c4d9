using System.Globalization;

namespace Bpf.Loader;

/// <summary>How a <see cref="BpfDiagnosticId"/> is written.</summary>
public static class BpfDiagnosticIdExtensions
{
    // The page is beside the sources and in the package of the tool: until the project has a site, a link leads into the repository.
    private const string Page = "docs/diagnostics.md";

    /// <summary>The id as it is printed everywhere, such as <c>BPF1001</c>.</summary>
    public static string ToCode(this BpfDiagnosticId id) => "BPF" + ((int)id).ToString("D4", CultureInfo.InvariantCulture);

    /// <summary>Where it is written what the id means, with an example, causes and cures: <c>docs/diagnostics.md#bpf1001</c>.</summary>
    public static string ToHelpLink(this BpfDiagnosticId id) => $"{Page}#bpf{((int)id).ToString("D4", CultureInfo.InvariantCulture)}";
}
