using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Tests.Tool;

namespace Bpf.Loader.KernelTests.Tokens;

/// <summary>A user namespace to which a part of bpf(2) is delegated, as <c>native-shims/token-namespace.c</c> makes it.</summary>
/// <param name="delegated">The mount options of its bpf file system.</param>
internal sealed class TokenNamespace(params string[] delegated) : IDisposable
{
    private static readonly string[] Everything = ["delegate_cmds=any", "delegate_maps=any", "delegate_progs=any", "delegate_attachs=any"];

    private readonly string _folder = Directory.CreateTempSubdirectory("bpf-token-").FullName;

    /// <summary>One with everything that can be delegated.</summary>
    public static TokenNamespace WithEverything() => new(Everything);

    /// <summary>Everything but the given kinds, which are as they say.</summary>
    public static TokenNamespace With(params string[] options) =>
        new([.. Everything.Where(option => !options.Any(other => other.StartsWith(option.Split('=')[0], StringComparison.Ordinal))), .. options]);

    /// <summary>Where the file system is mounted, which only the namespace sees.</summary>
    public string MountPoint
    {
        get
        {
            string path = Path.Combine(_folder, "bpf");
            Directory.CreateDirectory(path);
            File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
            return path;
        }
    }

    /// <summary>Runs a command in the namespace, which finds the file system by the variable that libbpf has for it.</summary>
    public BpfTool Run(params string[] command) => RunAt(MountPoint, MountPoint, command);

    /// <summary>Runs a command with the file system at a place, and another told; null tells none.</summary>
    public BpfTool RunAt(string mountPoint, string? told, params string[] command)
    {
        using Process process = Start(mountPoint, told, command);
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new BpfTool(process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    /// <summary>Starts a command in the namespace.</summary>
    public Process Start(string mountPoint, string? told, params string[] command)
    {
        var arguments = new List<string> { "--uid", Outside() };
        foreach (string option in delegated) arguments.AddRange(["-o", option]);
        var start = new ProcessStartInfo(NativeShims.TokenNamespace, [.. arguments, mountPoint, .. command])
        {
            WorkingDirectory = TestObjects.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LIBBPF_BPF_TOKEN_PATH"] = told;
        if (told is null) start.Environment.Remove("LIBBPF_BPF_TOKEN_PATH");
        return Process.Start(start)!;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // An ordinary user, where one can read the files of the tests.
    private static string Outside()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if ((at.UnixFileMode & UnixFileMode.OtherExecute) == 0) return "0";
        }

        return "65534";
    }
}
