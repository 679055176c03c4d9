using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Xunit;

namespace Bpf.Loader.Tests;

/// <summary>The files of the folder <c>testdata</c>.</summary>
internal static class TestData
{
    /// <summary>The directory of the solution.</summary>
    public static string Repository { get; } = FindRepository();

    public static string Root { get; } = Path.Combine(Repository, "testdata");

    /// <summary>Paths, relative to the folder, of all compiled objects, as the rows of a theory.</summary>
    public static TheoryData<string> Objects() => [.. Names("*.bpf.o")];

    /// <summary>Paths, relative to the folder, of all compiled objects that are no examples of what must be refused.</summary>
    public static TheoryData<string> GoodObjects() => [.. Names("*.bpf.o").Where(name => !Path.GetFileName(name).StartsWith("bad_", StringComparison.Ordinal) && !name.StartsWith("refused/", StringComparison.Ordinal))];

    public static byte[] Read(string name) => File.ReadAllBytes(PathOf(name));

    public static string PathOf(string name) => Path.Combine(Root, name);

    private static IEnumerable<string> Names(string pattern) =>
        Directory.EnumerateFiles(Root, pattern, SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);

    private static string FindRepository()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Bpf.Loader.sln"))) return at.FullName;
        }

        throw new DirectoryNotFoundException("The tests run outside of the repository: no Bpf.Loader.sln above " + AppContext.BaseDirectory);
    }
}
