using System;
using System.IO;

namespace Bpf.Loader.Benchmarks;

/// <summary>Finds the objects of the repository.</summary>
internal static class TestData
{
    /// <summary>The file of an object: <c>testdata</c> is in the folder of this assembly or in one above it.</summary>
    public static string Path(string name)
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = System.IO.Path.GetDirectoryName(folder))
        {
            string file = System.IO.Path.Combine(folder, "testdata", name + ".bpf.o");
            if (File.Exists(file)) return file;
        }

        throw new FileNotFoundException($"There is no testdata/{name}.bpf.o in or above {AppContext.BaseDirectory}.");
    }
}
