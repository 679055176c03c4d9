using System;
using System.Collections.Generic;
using System.IO;
using Bpf.Loader.Testing.Coverage;
using Bpf.Loader.Testing.Execution;

namespace Bpf.Loader.Testing;

/// <summary>
/// Which lines and branches of C ran. One may be shared by several machines, whose runs are added up; it is written as Cobertura, which
/// report generators and CI show beside the coverage of C#.
/// </summary>
/// <remarks>
/// Where the environment variable <c>BPF_COVERAGE</c> names a file, every machine counts, and the file is written when the process ends;
/// where it names a folder, each process writes a file of its own there. <c>BPF_COVERAGE_SOURCES</c> is the folder that the names of C files begin in.
/// </remarks>
public sealed class BpfCoverage
{
    private static readonly Lazy<BpfCoverage?> Shared = new(CreateShared);

    private readonly List<MachineCode> _programs = [];

    /// <summary>What the environment asks for; null when it asks for nothing.</summary>
    internal static BpfCoverage? OfEnvironment => Shared.Value;

    /// <summary>The files, with their lines.</summary>
    public IReadOnlyList<BpfFileCoverage> GetFiles()
    {
        lock (_programs) return CoverageReport.Read(_programs);
    }

    /// <summary>Writes the coverage as Cobertura.</summary>
    /// <param name="path">The file, such as <c>coverage.bpf.cobertura.xml</c>.</param>
    /// <param name="sourceRoot">The folder that the names of C files begin in, where these are relative.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void WriteCobertura(string path, string sourceRoot = ".")
    {
        using var writer = new StreamWriter(path);
        WriteCobertura(writer, sourceRoot);
    }

    /// <summary>Writes the coverage as Cobertura.</summary>
    /// <param name="writer">Where it goes.</param>
    /// <param name="sourceRoot">The folder that the names of C files begin in, where these are relative.</param>
    public void WriteCobertura(TextWriter writer, string sourceRoot = ".") => CoberturaWriter.Write(writer, GetFiles(), sourceRoot);

    internal void Add(BpfMachineObject loaded)
    {
        lock (_programs)
        {
            foreach (BpfMachineProgram program in loaded.Programs)
            {
                MachineCode code = program.Code;
                code.Hits ??= new long[code.Length + 1];
                code.Taken ??= new long[code.Length + 1];
                _programs.Add(code);
            }
        }
    }

    private static BpfCoverage? CreateShared()
    {
        if (Environment.GetEnvironmentVariable("BPF_COVERAGE") is not { Length: > 0 } path) return null;
        var coverage = new BpfCoverage();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => coverage.WriteCobertura(FileFor(path), Environment.GetEnvironmentVariable("BPF_COVERAGE_SOURCES") ?? ".");
        return coverage;
    }

    /// <summary>The file that a process writes: the given one, or one of its own in the given folder, which is made.</summary>
    internal static string FileFor(string path)
    {
        if (!Path.EndsInDirectorySeparator(path) && !Directory.Exists(path)) return path;
        Directory.CreateDirectory(path);
        return Path.Combine(path, $"{AppDomain.CurrentDomain.FriendlyName}.{Environment.ProcessId}.bpf.cobertura.xml");
    }
}
