using System.Globalization;
using System.IO;
using Bpf.Loader;

namespace Bpf.Tool.Output;

/// <summary>A finding as MSBuild and editors understand it: <c>file(line,column): error CODE: text</c>.</summary>
/// <remarks>https://learn.microsoft.com/visualstudio/msbuild/msbuild-diagnostic-format-for-tasks</remarks>
internal static class BuildLine
{
    /// <summary>Writes the line.</summary>
    /// <param name="finding">The finding.</param>
    /// <param name="file">The file that it is about where it has no line of C.</param>
    /// <param name="root">The folder that the paths of sources start from.</param>
    /// <param name="about">What stands before the text, such as the kernel that lacks something.</param>
    public static string Of(BpfFinding finding, string file, string root = ".", string? about = null)
    {
        BpfLocation place = finding.Place;
        string column = place.SourceColumn == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $",{place.SourceColumn}");
        string where = place.SourceFile is string source
            ? string.Create(CultureInfo.InvariantCulture, $"{Path.GetFullPath(source, Path.GetFullPath(root))}({place.SourceLine}{column})")
            : Path.GetFullPath(file) + " ";
        return $"{where}: {(finding.Severity == BpfSeverity.Error ? "error" : "warning")} {finding.Id.ToCode()}: {(about is null ? "" : about + ": ")}{finding.Message}";
    }
}
