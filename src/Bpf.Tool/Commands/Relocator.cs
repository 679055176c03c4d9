using System;
using Bpf.Loader;
using Bpf.Loader.Relocation;

namespace Bpf.Tool.Commands;

/// <summary>Relocates files against a kernel's types.</summary>
internal sealed class Relocator(string? btfPath)
{
    private readonly Lazy<ITargetTypes?> _target = new(() => btfPath is null ? null : new TargetTypes(BtfFile.Read(btfPath)));

    /// <summary>Relocates a file. What concerns one program only is in the result.</summary>
    /// <exception cref="BpfFormatException">The file, or that with the types, is malformed.</exception>
    /// <exception cref="BpfException">The types of the running kernel cannot be read.</exception>
    public OfflineResult Relocate(string path)
    {
        BpfObjectFile file = BpfObjectFile.Open(path);
        return new OfflineResult(path, null, file.IsBigEndian, file.Relocate(_target.Value));
    }
}
