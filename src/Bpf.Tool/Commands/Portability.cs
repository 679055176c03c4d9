using System.Collections.Generic;
using System.IO;
using System.Linq;
using Bpf.Loader;
using Bpf.Loader.Relocation;
using Bpf.Tool.Output;

namespace Bpf.Tool.Commands;

/// <summary>What of an object would fail on some kernels.</summary>
/// <param name="File">The object.</param>
/// <param name="Failure">Why it cannot be told; null when it can.</param>
/// <param name="Kernels">The kernels, each with what was found for it.</param>
internal sealed record Portability(string File, Failure? Failure, IReadOnlyList<(string Name, IReadOnlyList<BpfFinding> Findings)> Kernels) : IFileResult
{
    /// <summary>What was found on reading the object, whatever the kernel.</summary>
    public IReadOnlyList<BpfFinding> Diagnostics { get; init; } = [];

    public bool IsGood => Failure is null && Kernels.All(kernel => kernel.Findings.Count == 0);

    /// <summary>Each finding once, with the kernels that it is about.</summary>
    public IEnumerable<IGrouping<BpfFinding, string>> Findings =>
        Kernels.SelectMany(kernel => kernel.Findings.Select(finding => (kernel.Name, finding))).GroupBy(entry => entry.finding, entry => entry.Name);

    /// <summary>Checks an object against kernels.</summary>
    public static Portability Of(string path, IReadOnlyList<(string Name, TargetTypes Types)> kernels)
    {
        BpfObjectFile file = BpfObjectFile.Open(path);
        return new Portability(path, null, [.. kernels.Select(kernel => (kernel.Name, file.CheckPortability(kernel.Types)))]) { Diagnostics = file.Diagnostics };
    }

    /// <summary>How the object fares on a kernel: <c>ok</c>, or the id of what is found first.</summary>
    public string VerdictOn(string kernel)
    {
        if (Failure is not null) return Failure.Code;
        IReadOnlyList<BpfFinding> findings = Kernels.First(entry => entry.Name == kernel).Findings;
        return findings.Count == 0 ? Failure.None : findings[0].Id.ToCode();
    }

    /// <summary>The findings as MSBuild and editors understand them: <c>file(line): warning ID: text</c>.</summary>
    /// <param name="root">The folder that the paths of sources start from.</param>
    public IEnumerable<string> Lines(string root)
    {
        if (Failure is not null)
        {
            yield return Failure.Finding is BpfFinding failure ? BuildLine.Of(failure, File) : $"{Path.GetFullPath(File)} : error {Failure.Code}: {Failure.Message.ReplaceLineEndings(" ")}";
            yield break;
        }

        foreach (BpfFinding warning in Diagnostics.Where(finding => finding.Severity >= BpfSeverity.Warning))
            yield return BuildLine.Of(warning, File);

        // What several kernels lack is said once.
        foreach (IGrouping<BpfFinding, string> finding in Findings)
            yield return BuildLine.Of(finding.Key, File, root, string.Join(", ", finding));
    }
}
