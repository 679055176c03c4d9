using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Threading;

namespace Bpf.Loader.KernelTests.Support;

/// <summary>A program of a name that no other has, which does nothing as fast as it can.</summary>
internal sealed class WatchedProgram : IDisposable
{
    private static int _count;

    private readonly List<Process> _started = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("bpf-watched-").FullName;

    public WatchedProgram()
    {
        Leftovers.Expect(_folder);
        Name = string.Create(CultureInfo.InvariantCulture, $"w{Environment.ProcessId}-{Interlocked.Increment(ref _count)}");
        Path = System.IO.Path.Combine(_folder, Name);
        File.WriteAllText(Path, "#!/bin/sh\nwhile :; do :; done\n");
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    public string Name { get; }

    public string Path { get; }

    /// <summary>Starts it; it ends with this.</summary>
    public Process Start()
    {
        Process process = Process.Start(Path);
        _started.Add(process);
        return process;
    }

    public void Dispose()
    {
        foreach (Process process in _started)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }
}
