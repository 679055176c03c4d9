using System;
using System.Diagnostics;
using System.IO;

namespace Bpf.Loader.KernelTests.Support;

/// <summary>A file system of type bpf of the test's own, gone when disposed.</summary>
internal sealed class TestFileSystem : IDisposable
{
    public TestFileSystem()
    {
        Path = Directory.CreateTempSubdirectory("bpffs-").FullName;
        Leftovers.Expect(Path);
        Run("mount", "-t", "bpf", "bpf", Path);
    }

    public string Path { get; }

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        Run("umount", Path);
        Directory.Delete(Path);
    }

    private static void Run(string command, params string[] arguments)
    {
        using Process process = Process.Start(command, arguments);
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{command} {string.Join(' ', arguments)}: {process.ExitCode}");
    }
}
