using System;
using Bpf.Loader;
using Bpf.Loader.Relocation;

namespace Bpf.Tool.Commands;

/// <summary>Relocates files against a kernel's types.</summary>
internal sealed class Relocator(string? btfPath)
{
    private readonly Lazy<ITargetTypes?> _target = new(() => btfPath is null ? null : new TargetTypes(BtfFile.Read(btfPath)));

    /// <summary>Relocates a file. Whatever goes wrong is in the result.</summary>
    public OfflineResult Relocate(string path)
    {
        try
        {
            BpfObjectFile file = BpfObjectFile.Open(path);
            return new OfflineResult(path, null, file.IsBigEndian, file.Relocate(_target.Value));
        }
#pragma warning disable CA1031 // Whatever goes wrong in one file is that file's failure.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return new OfflineResult(path, Failure.Of(e), false, []);
        }
    }
}
