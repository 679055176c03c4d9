using System;
using System.Linq;
using System.Runtime.Versioning;
using Bpf.Loader;
using Bpf.Loader.Btf;
using Bpf.Loader.Objects;

namespace Bpf.Tool.Commands;

/// <summary>Has the kernel verify all programs of a file. Nothing is pinned, and nothing stays loaded.</summary>
[SupportedOSPlatform("linux")]
internal sealed class Verifier(string? btfPath, bool each)
{
    private readonly Lazy<BtfReader?> _btf = new(() => btfPath is null ? null : BtfFile.Read(btfPath));

    /// <summary>Verifies a file. What the kernel refuses is in the result.</summary>
    /// <exception cref="BpfFormatException">The file is malformed.</exception>
    public Verification Verify(string path)
    {
        BpfObjectFile file = BpfObjectFile.Open(path);
        foreach (BpfMapDefinition map in file.Maps)
            map.PinPath = null;
        var findings = new LoadFindings(path);
        foreach (BpfFinding finding in file.Diagnostics)
            findings.Add(finding);
        var verification = new Verification(path) { Findings = findings.All };
        if (each && file.Programs.Count > 0)
            LoadEach(file, verification, findings);
        else
            LoadWhole(file, verification, findings);
        return verification;
    }

    private void LoadWhole(BpfObjectFile file, Verification verification, LoadFindings findings)
    {
        foreach (BpfProgramDefinition program in file.Programs)
            verification.Add(program);
        BpfObject? loaded = TryLoad(file, findings, out Failure? failure, out string? culprit);
        using (loaded)
        {
            AddMaps(file, loaded, verification);
            foreach (ProgramVerdict verdict in verification.Programs)
            {
                // What is loaded is not what AutoLoad says of a struct_ops program: its map decides.
                if (loaded is not null)
                    verdict.Info = FindProgram(loaded, verdict.Definition)?.GetInfo();
                else if (failure is not null && verdict.Definition.Name == culprit)
                    verdict.Failure = failure;
            }
        }

        verification.LoadFailure = failure;
    }

    private void LoadEach(BpfObjectFile file, Verification verification, LoadFindings findings)
    {
        bool hasMaps = false;
        for (int i = 0; i < file.Programs.Count; i++)
        {
            BpfObjectFile alone = Isolate(file, i);
            ProgramVerdict verdict = verification.Add(file.Programs[i]);
            using BpfObject? loaded = TryLoad(alone, findings, out Failure? failure, out _);
            verdict.Failure = failure;
            verdict.Info = loaded is null ? null : FindProgram(loaded, verdict.Definition)?.GetInfo();
            verification.LoadFailure ??= failure;
            if (loaded is not null && !hasMaps)
            {
                AddMaps(file, loaded, verification);
                hasMaps = true;
            }
        }

        if (!hasMaps)
            AddMaps(file, null, verification);
    }

    // A copy of the object in which one program alone is loaded, for its own sake or for that of the struct_ops map that it is in.
    private static BpfObjectFile Isolate(BpfObjectFile file, int index)
    {
        BpfObjectFile alone = file.Clone();
        BpfProgramDefinition chosen = alone.Programs[index];
        foreach (BpfProgramDefinition program in alone.Programs)
            program.AutoLoad = program == chosen;
        foreach (BpfMapDefinition map in alone.Maps)
        {
            if (map.StructOps is not { } structure)
                continue;
            map.AutoCreate = structure.Members.Any(member => member.Program == chosen);
            foreach (StructOpsMember member in structure.Members)
            {
                if (member.Program != chosen)
                    member.Program = null;
            }
        }

        return alone;
    }

    private BpfObject? TryLoad(BpfObjectFile file, LoadFindings findings, out Failure? failure, out string? culprit)
    {
        failure = null;
        culprit = null;
        try
        {
            return file.Load(findings.Options(_btf.Value));
        }
#pragma warning disable CA1031 // Whatever goes wrong in one file is that file's failure.
        catch (Exception e)
#pragma warning restore CA1031
        {
            failure = Failure.Of(e);
            culprit = e is BpfException { ObjectName: { } name } ? Culprit(name) : null;
            return null;
        }
    }

    // "program 'name'" is how exceptions name a program.
    private static string? Culprit(string objectName) =>
        objectName.StartsWith("program '", StringComparison.Ordinal) && objectName.EndsWith('\'') ? objectName["program '".Length..^1] : null;

    private static BpfProgram? FindProgram(BpfObject loaded, BpfProgramDefinition definition) =>
        loaded.Programs.TryGet(definition.Name, out BpfProgram? program) ? program : null;

    private static void AddMaps(BpfObjectFile file, BpfObject? loaded, Verification verification)
    {
        foreach (BpfMapDefinition map in file.Maps)
        {
            verification.Maps.Add(loaded is not null && loaded.Maps.TryGet(map.Name, out BpfMap? created)
                ? new MapVerdict(map, (uint)created.ValueSize, (uint)created.MaxEntries)
                : new MapVerdict(map, map.ValueSize, map.MaxEntries));
        }
    }
}
