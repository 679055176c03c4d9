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
/// Where the environment variable <c>BPF_COVERAGE</c> names a file, every machine counts, and what was counted is added to the file when
/// the process ends; where it names a folder, each process writes a file of its own there. <c>BPF_COVERAGE_SOURCES</c> is the folder that
/// the names of C files begin in.
/// </remarks>
public sealed class BpfCoverage
{
    private static readonly Lazy<BpfCoverage?> Shared = new(CreateShared);

    private readonly Dictionary<(string Name, int Length), List<ProgramCoverage>> _programs = [];

    /// <summary>What the environment asks for; null when it asks for nothing.</summary>
    internal static BpfCoverage? OfEnvironment => Shared.Value;

    /// <summary>The files, with their lines.</summary>
    public IReadOnlyList<BpfFileCoverage> GetFiles() => Report().ToFiles();

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
    public void WriteCobertura(TextWriter writer, string sourceRoot = ".") => CoberturaWriter.Write(writer, Report(), sourceRoot);

    /// <summary>
    /// Adds the coverage to what a file has of earlier runs and other processes, which may do so at the same time. What the file says of a
    /// file of C that has changed since is forgotten, and a file that a process did not write to its end counts as empty.
    /// </summary>
    /// <param name="path">The file, such as <c>coverage.bpf.cobertura.xml</c>; it is made when it is not there.</param>
    /// <param name="sourceRoot">The folder that the names of C files begin in, where these are relative.</param>
    /// <exception cref="IOException">The file cannot be written, or is no coverage of BPF programs.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public void AddToCobertura(string path, string sourceRoot = ".") => CoverageFile.Add(path, Report(), sourceRoot);

    internal void Add(BpfMachineObject loaded)
    {
        lock (_programs)
        {
            foreach (BpfMachineProgram program in loaded.Programs) program.Code.Coverage ??= Find(program.Code);
        }
    }

    private ProgramCoverage Find(MachineCode code)
    {
        if (!_programs.TryGetValue((code.Name, code.Length), out List<ProgramCoverage>? known)) _programs[(code.Name, code.Length)] = known = [];
        ProgramCoverage? found = known.Find(each => each.IsOf(code));
        if (found is null) known.Add(found = new ProgramCoverage(code));
        return found;
    }

    private CoverageReport Report()
    {
        var report = new CoverageReport();
        lock (_programs)
        {
            foreach (List<ProgramCoverage> programs in _programs.Values) programs.ForEach(report.Add);
        }

        return report;
    }

    private static BpfCoverage? CreateShared()
    {
        if (Environment.GetEnvironmentVariable("BPF_COVERAGE") is not { Length: > 0 } path) return null;
        var coverage = new BpfCoverage();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => coverage.Save(path, Environment.GetEnvironmentVariable("BPF_COVERAGE_SOURCES") ?? ".");
        return coverage;
    }

    // An exception here would make the tests look as if they had crashed.
    private void Save(string path, string sourceRoot)
    {
        try
        {
            AddToCobertura(FileFor(path), sourceRoot);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"BPF_COVERAGE: {e.Message}");
        }
    }

    /// <summary>The file that a process writes: the given one, or one of its own in the given folder, which is made.</summary>
    internal static string FileFor(string path)
    {
        if (!Path.EndsInDirectorySeparator(path) && !Directory.Exists(path)) return path;
        Directory.CreateDirectory(path);
        return Path.Combine(path, $"{AppDomain.CurrentDomain.FriendlyName}.{Environment.ProcessId}.bpf.cobertura.xml");
    }
}
