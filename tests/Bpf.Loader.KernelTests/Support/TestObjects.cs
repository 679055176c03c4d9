using System;
using System.IO;
using System.Linq;
using Bpf.Loader.Objects;
using Xunit;

namespace Bpf.Loader.KernelTests.Support;

/// <summary>The compiled objects of the folder testdata.</summary>
internal static class TestObjects
{
    public static string Folder { get; } = Path.Combine(FindRepository(), "testdata");

    /// <summary>Names, relative to the folder, of the objects that are for this machine, as the rows of a theory.</summary>
    public static TheoryData<string> All => [.. Names(_ => true)];

    /// <summary>Those of them that nobody can load.</summary>
    public static TheoryData<string> Bad => [.. Names(name => Path.GetFileName(name).StartsWith("bad_", StringComparison.Ordinal))];

    /// <summary>The path of an object, for this processor's registers where the program looks at them.</summary>
    public static string PathOf(string name) =>
        Processor.Objects is { } own && Path.Combine(Folder, own, name) is var path && File.Exists(path) ? path : Path.Combine(Folder, name);

    /// <summary>Reads an object by its name without extension, such as <c>hook_kprobe</c>; its load leaves out what this kernel is too old for.</summary>
    public static BpfObjectFile Open(string name)
    {
        BpfObjectFile file = Read(name);
        Links.Requires.LeaveOutMissing(file);
        return file;
    }

    /// <summary>Reads an object and loads it, or only some of its programs; skips the test where the kernel lacks one of them or its policy forbids it.</summary>
    public static BpfObject Load(string name, params string[] programs)
    {
        BpfObjectFile file = Read(name);
        if (programs.Length > 0)
        {
            foreach (BpfProgramDefinition program in file.Programs) program.AutoLoad = Array.IndexOf(programs, program.Name) >= 0;
        }

        Links.Requires.ProgramsOf(file);
        return file.Load();
    }

    private static BpfObjectFile Read(string name)
    {
        BpfObjectFile file = BpfObjectFile.Open(PathOf(name + ".bpf.o"));
        foreach (BpfProgramDefinition program in file.Programs)
        {
            if (program.AttachTarget is { } target) program.AttachTarget = Processor.Named(TracedFunction.Named(target));
        }

        return file;
    }

    private static string[] Names(Func<string, bool> filter) =>
    [
        .. new[] { "", "clang-14" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Folder, folder), "*.bpf.o"))
            .Select(path => Path.GetRelativePath(Folder, path))
            .Where(filter)
            .Order(StringComparer.Ordinal),
    ];

    private static string FindRepository()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Bpf.Loader.sln"))) return at.FullName;
        }

        throw new DirectoryNotFoundException("The tests run outside of the repository: no Bpf.Loader.sln above " + AppContext.BaseDirectory);
    }
}
