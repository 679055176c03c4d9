using System.Collections.Generic;
using System.Runtime.Versioning;
using Bpf.Loader;
using Bpf.Loader.Btf;
using Bpf.Tool.Output;

namespace Bpf.Tool.Commands;

/// <summary>Tells people of what was left out or replaced so that an object could be used: warnings, a line each, on the standard error.</summary>
/// <param name="path">The file.</param>
internal sealed class LoadFindings(string path)
{
    private readonly HashSet<BpfFinding> _known = [];
    private readonly List<BpfFinding> _all = [];

    /// <summary>All findings so far, each once.</summary>
    public IReadOnlyList<BpfFinding> All => _all;

    /// <summary>Options of a load that prints its warnings.</summary>
    /// <param name="path">The file that is loaded.</param>
    /// <param name="targetBtf">The types to relocate against; null for the running kernel's.</param>
    [SupportedOSPlatform("linux")]
    public static BpfLoadOptions Printed(string path, BtfReader? targetBtf = null) => new LoadFindings(path).Options(targetBtf);

    /// <summary>Options of a load whose findings are added; they may be used for several loads, and say the same once.</summary>
    /// <param name="targetBtf">The types to relocate against; null for the running kernel's.</param>
    [SupportedOSPlatform("linux")]
    public BpfLoadOptions Options(BtfReader? targetBtf) => new() { TargetBtf = targetBtf, OnDiagnostic = Add };

    /// <summary>Adds a finding, and prints it when it is a warning that is new.</summary>
    public void Add(BpfFinding finding)
    {
        if (!_known.Add(finding)) return;
        _all.Add(finding);
        if (finding.Severity >= BpfSeverity.Warning) Refusals.Print(finding, path);
    }
}
