using System.Collections.Generic;
using System.IO;
using System.Linq;
using Bpf.Loader;
using Bpf.Loader.Relocation;

namespace Bpf.Tool.Commands;

/// <summary>What of an object would fail on some kernels.</summary>
/// <param name="File">The object.</param>
/// <param name="Failure">Why it cannot be told; null when it can.</param>
/// <param name="Findings">The findings, each with the kernel.</param>
internal sealed record Portability(string File, Failure? Failure, IReadOnlyList<(string Kernel, BpfDiagnostic Finding)> Findings) : IFileResult
{
    public bool IsGood => Failure is null && Findings.Count == 0;

    /// <summary>Checks an object against kernels.</summary>
    public static Portability Of(string path, IReadOnlyList<(string Name, TargetTypes Types)> kernels)
    {
        BpfObjectFile file = BpfObjectFile.Open(path);
        return new Portability(path, null, [.. kernels.SelectMany(kernel => file.CheckPortability(kernel.Types).Select(finding => (kernel.Name, finding)))]);
    }

    /// <summary>The findings as MSBuild and editors understand them: <c>file(line): warning ID: text</c>.</summary>
    /// <param name="root">The folder that the paths of sources start from.</param>
    public IEnumerable<string> Lines(string root)
    {
        if (Failure is not null)
        {
            yield return $"{Path.GetFullPath(File)} : error {Failure.Code}: {Failure.Message.ReplaceLineEndings(" ")}";
            yield break;
        }

        // What several kernels lack is said once.
        foreach (IGrouping<BpfDiagnostic, string> finding in Findings.GroupBy(entry => entry.Finding, entry => entry.Kernel))
        {
            BpfLocation place = finding.Key.Location;
            string where = place.SourceFile is string source ? $"{Path.GetFullPath(source, Path.GetFullPath(root))}({place.SourceLine})" : $"{Path.GetFullPath(File)} ";
            yield return $"{where}: warning {finding.Key.Id.ToCode()}: {string.Join(", ", finding)}: {finding.Key.Message.ReplaceLineEndings(" ")}";
        }
    }
}
