using System.Globalization;

namespace Bpf.Loader;

/// <summary>How a <see cref="BpfDiagnosticId"/> is written.</summary>
public static class BpfDiagnosticIdExtensions
{
    /// <summary>The id as it is printed everywhere, such as <c>BPF1001</c>.</summary>
    public static string ToCode(this BpfDiagnosticId id) => "BPF" + ((int)id).ToString("D4", CultureInfo.InvariantCulture);
}
