using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Bpf.Loader.Btf;
using Xunit;

namespace Bpf.Loader.Tests.Docs;

/// <summary>
/// The C programs of the documentation, compiled as the build does: with the headers that come with it, and a vmlinux.h of the
/// running kernel. Skips the test where one of these is missing.
/// </summary>
internal static class DocObjects
{
    private const string Compiler = "clang-19", KernelTypes = "/sys/kernel/btf/vmlinux";

    private static readonly string[] Options = ["-target", "bpf", "-mcpu=v3", "-g", "-O2", "-Wall", "-Werror", "-nostdinc", "-D__TARGET_ARCH_x86"];

    private static readonly string Headers = Path.Combine(TestData.Repository, "src", "Bpf.Loader.Build", "include");

    private static readonly Lazy<string> HeaderTexts = new(() => string.Concat(Directory.EnumerateFiles(Headers, "*.h", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllText)));

    // What was compiled once is kept: the virtual machines, where compiling takes long, find it there.
    private static readonly string Kept = Path.Combine(TestData.Repository, "artifacts", "docs");

    private static readonly Lazy<IReadOnlyDictionary<string, byte[]>> Compiled = new(Compile);

    /// <summary>The objects by the names of their files, such as <c>calls.bpf.o</c>.</summary>
    public static IReadOnlyDictionary<string, byte[]> All => Compiled.Value;

    private static Dictionary<string, byte[]> Compile()
    {
        string folder = Directory.CreateTempSubdirectory("bpf-docs-").FullName;
        try
        {
            return DocPages.Snippets("c").ToDictionary(snippet => Path.ChangeExtension(snippet.Info, ".o"), snippet => Compile(folder, snippet));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static byte[] Compile(string folder, Snippet snippet)
    {
        string text = $"#line {snippet.Line + 1} \"{snippet.Page}\"\n{snippet.Code}\n";
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(' ', Options) + HeaderTexts.Value + text)))[..16];
        string kept = Path.Combine(Kept, $"{hash}-{Path.ChangeExtension(snippet.Info, ".o")}");
        if (File.Exists(kept)) return File.ReadAllBytes(kept);

        string source = Path.Combine(folder, snippet.Info), output = Path.ChangeExtension(source, ".o");
        File.WriteAllText(source, text);
        WriteKernelTypes(Path.Combine(folder, "vmlinux.h"));
        RunCompiler([.. Options, "-I", folder, "-I", Headers, "-c", source, "-o", output]);
        Directory.CreateDirectory(Kept);
        File.Move(output, kept, overwrite: true);
        return File.ReadAllBytes(kept);
    }

    private static void WriteKernelTypes(string path)
    {
        if (File.Exists(path)) return;
        Assert.SkipUnless(File.Exists(KernelTypes), $"There is no {KernelTypes}.");
        using StreamWriter writer = File.CreateText(path);
        new BtfCPrinter(BtfReader.ReadRawOrElf(File.ReadAllBytes(KernelTypes))).WriteHeader(writer);
    }

    private static void RunCompiler(string[] arguments)
    {
        Process clang;
        try
        {
            clang = Process.Start(new ProcessStartInfo(Compiler, arguments) { RedirectStandardError = true })!;
        }
        catch (Win32Exception)
        {
            Assert.Skip($"There is no {Compiler}.");
            throw;
        }

        using (clang)
        {
            string errors = clang.StandardError.ReadToEnd();
            clang.WaitForExit();
            Assert.True(clang.ExitCode == 0, errors);
        }
    }
}
