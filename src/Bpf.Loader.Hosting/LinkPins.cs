using System;
using System.IO;
using System.Runtime.Versioning;

namespace Bpf.Loader.Hosting;

/// <summary>Where the links of an object are pinned.</summary>
/// <param name="directory">The folder.</param>
[SupportedOSPlatform("linux")]
internal sealed class LinkPins(string directory)
{
    private readonly string _directory = Path.GetFullPath(directory);

    /// <summary>The pin of a link.</summary>
    /// <exception cref="InvalidOperationException">The name cannot be that of a file.</exception>
    public string PathOf(string name) => name.Length > 0 && !name.Contains('/', StringComparison.Ordinal)
        ? Path.Combine(_directory, name.Replace('.', '_'))
        : throw new InvalidOperationException($"The link '{name}' is to be pinned by its name, which cannot be that of a file.");

    /// <summary>Whether something is pinned for a link.</summary>
    public bool Has(string name) => File.Exists(PathOf(name));

    /// <summary>The program that runs by the link of a pin; null when nothing is pinned.</summary>
    /// <exception cref="BpfException">What is pinned is no link, or CAP_SYS_ADMIN is missing.</exception>
    public static BpfProgram? ProgramAt(string path)
    {
        if (!File.Exists(path)) return null;
        using BpfLink link = BpfLink.OpenPinned(path);
        return BpfProgram.OpenById(link.GetInfo().ProgramId);
    }
}
