using System;
using System.IO;

namespace Bpf.Loader.KernelTests.Support;

/// <summary>The compiled objects of the folder testdata.</summary>
internal static class TestObjects
{
    public static string Folder { get; } = Path.Combine(FindRepository(), "testdata");

    /// <summary>Reads an object by its name without extension, such as <c>hook_kprobe</c>.</summary>
    public static BpfObjectFile Open(string name) => BpfObjectFile.Open(Path.Combine(Folder, name + ".bpf.o"));

    private static string FindRepository()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Bpf.Loader.sln"))) return at.FullName;
        }

        throw new DirectoryNotFoundException("The tests run outside of the repository: no Bpf.Loader.sln above " + AppContext.BaseDirectory);
    }
}
