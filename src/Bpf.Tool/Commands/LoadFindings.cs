using System;
using System.Runtime.Versioning;
using Bpf.Loader;
using Bpf.Loader.Btf;
using Bpf.Tool.Output;

namespace Bpf.Tool.Commands;

/// <summary>Tells people of what was left out or replaced so that an object could be loaded.</summary>
[SupportedOSPlatform("linux")]
internal static class LoadFindings
{
    /// <summary>Options of a load that prints its warnings, a line each, on the standard error.</summary>
    /// <param name="path">The file that is loaded.</param>
    /// <param name="targetBtf">The types to relocate against; null for the running kernel's.</param>
    public static BpfLoadOptions Printed(string path, BtfReader? targetBtf = null) => new()
    {
        TargetBtf = targetBtf,
        OnDiagnostic = finding =>
        {
            if (finding.Severity >= BpfSeverity.Warning) Console.Error.WriteLine($"bpf: {path}: {Printable.Lines(finding.ToString())}");
        },
    };
}
