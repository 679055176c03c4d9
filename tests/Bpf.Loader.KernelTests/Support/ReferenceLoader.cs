using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using Bpf.Loader.Kernel;
using Xunit;

namespace Bpf.Loader.KernelTests.Support;

/// <summary>What libbpf, in <c>native-shims/reference-loader.c</c>, makes of an object on this kernel.</summary>
internal static class ReferenceLoader
{
    /// <summary>Whether it can load an object as far as the kernel's version goes: libbpf wants three parts of it, and Debian's 7.3 has two.</summary>
    public static bool KnowsTheVersionFor(BpfObjectFile file) =>
        !file.Externs.Any(static symbol => symbol.Name == "LINUX_KERNEL_VERSION") || Regex.IsMatch(KernelVersion.Release, @"^\d+\.\d+\.\d+");

    /// <summary>Its answer about a file: the members of <c>bpf verify --each --json</c>.</summary>
    /// <param name="path">The object.</param>
    /// <param name="targetBtf">A file with other target types than this kernel's, or null.</param>
    public static JsonElement Verify(string path, string? targetBtf)
    {
        List<string> arguments = ["--each"];
        if (targetBtf is not null) arguments.AddRange(["--btf", targetBtf]);
        using Process process = Process.Start(new ProcessStartInfo(NativeShims.ReferenceLoader, [.. arguments, path]) { RedirectStandardOutput = true })!;
        string line = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode is 0 or 1, $"{Path.GetFileName(NativeShims.ReferenceLoader)} ended with {process.ExitCode}.");
        return JsonDocument.Parse(line).RootElement;
    }
}
