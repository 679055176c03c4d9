using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Bpf.Loader;
using Bpf.Loader.Btf;
using Bpf.Loader.Relocation;

namespace Bpf.Tool.Commands;

/// <summary>Relocates files against a kernel's types.</summary>
/// <param name="btfPaths">The files with the types: the kernel's, and those of its modules, which go on from it; none for the running kernel's.</param>
internal sealed class Relocator(IReadOnlyList<string> btfPaths)
{
    private readonly Lazy<ITargetTypes?> _target = new(() => btfPaths.Count == 0 ? null : ReadTarget(btfPaths));

    /// <summary>Relocates a file. What concerns one program only is in the result.</summary>
    /// <exception cref="BpfFormatException">The file, or that with the types, is malformed.</exception>
    /// <exception cref="BpfException">The types of the running kernel cannot be read.</exception>
    public OfflineResult Relocate(string path)
    {
        BpfObjectFile file = BpfObjectFile.Open(path);
        var findings = new LoadFindings(path);
        foreach (BpfFinding finding in file.Diagnostics)
            findings.Add(finding);
        return new OfflineResult(path, null, file.IsBigEndian, file.Relocate(_target.Value)) { Findings = findings.All };
    }

    private static TargetTypes ReadTarget(IReadOnlyList<string> paths)
    {
        BtfReader kernel = BtfFile.Read(paths[0]);
        return new TargetTypes(kernel, [.. paths.Skip(1).Select(path => BtfFile.Read(path, kernel))]) { Name = string.Join(" + ", paths.Select(Path.GetFileName)) };
    }
}
