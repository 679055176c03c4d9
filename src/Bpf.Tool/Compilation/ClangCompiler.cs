using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Bpf.Loader;

namespace Bpf.Tool.Compilation;

/// <summary>Compiles a C source to a BPF object.</summary>
internal static class ClangCompiler
{
    // Where the kernel's headers for a machine are; clang looks there only when it compiles for that machine.
    private static readonly Dictionary<string, string> HeaderFolders = new(StringComparer.Ordinal)
    {
        ["x86"] = "x86_64-linux-gnu",
        ["arm64"] = "aarch64-linux-gnu",
        ["arm"] = "arm-linux-gnueabihf",
        ["riscv"] = "riscv64-linux-gnu",
        ["powerpc"] = "powerpc64le-linux-gnu",
        ["s390"] = "s390x-linux-gnu",
        ["loongarch"] = "loongarch64-linux-gnu",
    };

    /// <summary>The headers of BPF programs that come with this tool: with them a source needs nothing that is installed.</summary>
    public static string OwnHeaders { get; } = Path.Combine(AppContext.BaseDirectory, "include");

    /// <summary>Compiles, and writes what clang says.</summary>
    /// <returns>True when there is an object.</returns>
    /// <exception cref="CompileException">There is no fit compiler.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static bool Compile(CompileRequest request, TextWriter messages)
    {
        Clang clang = ClangLocator.Find(request.Clang);
        string make = request.Output + ".make";
        if (Path.GetDirectoryName(Path.GetFullPath(request.Output)) is string folder) Directory.CreateDirectory(folder);
        // Before it is compiled: in an editor one wants to know what is wrong with it.
        if (request.Database is string database) CompileDatabase.Put(database, request.Source, request.Output, [clang.Path, .. Arguments(request)]);
        if (ChildProcess.Run(clang.Path, [.. Arguments(request), "-MD", "-MF", make]) is not { } result)
            throw new CompileException(BpfDiagnosticId.ClangNotFound, $"The compiler '{clang.Path}' cannot be run.");
        BuildReport.Write([.. (result.Output + result.Error).Split('\n').Select(line => ClangDiagnostics.Rewrite(line, request.Source))], messages);
        if (result.ExitCode != 0)
        {
            File.Delete(make);
            File.Delete(request.Output);
            return false;
        }

        Strip(clang, request.Output);
        if (request.Dependencies is string dependencies) File.WriteAllLines(dependencies, DependencyFile.Parse(File.ReadAllText(make)));
        File.Delete(make);
        return true;
    }

    private static List<string> Arguments(CompileRequest request)
    {
        bool isBigEndian = request.Architecture == "s390";
        List<string> arguments =
        [
            "-g", "-O2", "-Wall", "-target", isBigEndian ? "bpfeb" : "bpfel", $"-mcpu={request.Cpu}", $"-D__TARGET_ARCH_{request.Architecture}",
            "-fno-color-diagnostics", "-fdebug-compilation-dir=.",
            // As the kernel itself since 6.19: its types have members that are a tag and nothing else.
            "-fms-extensions", "-Wno-microsoft-anon-tag",
        ];
        if (request.Root is { Length: > 0 } root) arguments.Add($"-ffile-prefix-map={root.TrimEnd('/', '\\')}{Path.DirectorySeparatorChar}=");
        foreach (string define in request.Defines) arguments.Add("-D" + define);
        foreach (string directory in request.IncludeDirectories) arguments.Add("-I" + directory);
        if (!request.UsesInstalledHeaders) arguments.Add("-I" + OwnHeaders);
        if (HeaderFolders.TryGetValue(request.Architecture, out string? machine) && Directory.Exists($"/usr/include/{machine}"))
            arguments.AddRange(["-idirafter", $"/usr/include/{machine}"]);
        arguments.AddRange(request.Options);
        arguments.AddRange(["-c", request.Source, "-o", request.Output]);
        return arguments;
    }

    // The description for debuggers is larger than all the rest, and nobody reads it: BTF stays. Without the tool it stays, too.
    private static void Strip(Clang clang, string output)
    {
        string? told = ChildProcess.Run(clang.Path, ["-print-prog-name=llvm-strip"])?.Output.Trim();
        foreach (string? tool in new[] { told, $"llvm-strip-{clang.Version}" })
        {
            if (!string.IsNullOrEmpty(tool) && ChildProcess.Run(tool, ["-g", output]) is { ExitCode: 0 }) return;
        }
    }
}
