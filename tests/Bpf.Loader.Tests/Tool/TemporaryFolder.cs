using System;
using System.IO;

namespace Bpf.Loader.Tests.Tool;

/// <summary>A folder for the files of a test, gone when the test ends.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bpf-loader-");

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public string Write(string name, ReadOnlySpan<byte> content)
    {
        File.WriteAllBytes(PathOf(name), content.ToArray());
        return PathOf(name);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
