using System;
using System.Diagnostics;
using System.IO;
using Xunit;

namespace Bpf.Loader.KernelTests.Support;

/// <summary>The C programs of the folder native-shims, as build/native-shims.sh leaves them.</summary>
internal static class NativeShims
{
    public static string UprobeTarget => Find("uprobe-target");

    public static string StrippedUprobeTarget => Find("uprobe-target-stripped");

    /// <summary>A program whose dynamic symbols have DT_HASH and no GNU hash table.</summary>
    public static string OldHashUprobeTarget => Find("uprobe-target-sysv");

    public static string UprobeLibrary => Find("libuprobe-target.so");

    /// <summary>A program whose functions are in <see cref="UprobeLibrary"/>, which it looks for beside itself.</summary>
    public static string LinkedUprobeTarget => Find("uprobe-target-linked");

    /// <summary>A program that runs in a root without any library.</summary>
    public static string StaticUprobeTarget => Find("uprobe-target-static");

    /// <summary>A 32-bit program, of x86.</summary>
    public static string UprobeTarget32 => Find("uprobe-target-32");

    public static string ReferenceLoader => Find("reference-loader");

    public static string LightReference => Find("light-reference");

    public static string BtfReference => Find("btf-reference");

    public static string TokenNamespace => Find("token-namespace");

    public static string UsdtTarget => Find("usdt-target");

    public static string FixedUsdtTarget => Find("usdt-target-fixed");

    public static string DotnetUsdt => Find("libdotnet-usdt.so");

    public static string Faults => Find("libfaults.so");

    /// <summary>Talks with a target that does one round for each line that it is sent.</summary>
    public static void Talk(string program, Action<Process> talk) => Talk(program, [], talk);

    /// <summary>Talks with a target that is started with arguments.</summary>
    public static void Talk(string program, string[] arguments, Action<Process> talk)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        try
        {
            talk(process);
        }
        finally
        {
            process.StandardInput.Close();
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
        }
    }

    /// <summary>Lets the target do a round; the result is its answer.</summary>
    public static string Ask(Process process)
    {
        process.StandardInput.WriteLine();
        return process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The target has ended.");
    }

    /// <summary>Lets the target call each of its functions so many times; the result is its process id.</summary>
    public static int RunTarget(string program, int times)
    {
        using Process process = Process.Start(program, times.ToString(System.Globalization.CultureInfo.InvariantCulture));
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return process.Id;
    }

    private static string Find(string name)
    {
        string folder = Environment.GetEnvironmentVariable("BPF_NATIVE_SHIMS") ?? FindFolder();
        string path = Path.Combine(folder, name);
        Assert.True(File.Exists(path), $"{path} is missing: run build/native-shims.sh.");
        return path;
    }

    private static string FindFolder()
    {
        DirectoryInfo? at = new(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "Bpf.Loader.sln"))) at = at.Parent;
        return Path.Combine(at?.FullName ?? ".", "artifacts", "native-shims");
    }
}
